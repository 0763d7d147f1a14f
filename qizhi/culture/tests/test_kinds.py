"""Kinds of works: data of the bureau, in the lists that it speaks of, with calls and figures that stay."""

from __future__ import annotations

import csv
import io

import pytest
from django.urls import reverse

from qizhi.core.errors import Refused
from qizhi.core.ids import new_id
from qizhi.culture.enums import StandardKind
from qizhi.culture.models import Call, WorkKind
from qizhi.culture.rules import by_list, lists_in, title_of
from qizhi.culture.services import load_standard_work_kinds, save_call, save_kind
from qizhi.culture.services.kinds import STANDARD_KINDS
from qizhi.culture.tests.conftest import OPENED_ON
from qizhi.culture.tests.test_figures import asked

KINDS = "/culture/kinds/"
NEW = "/culture/kinds/new/"


def text_of(page):
    return page.content.decode().split("<main")[1]


def edit(kind):
    return reverse("culture:kind_edit", args=[kind.pk])


def values_of(kind, **changed):
    names = ("name", "lists", "note", "position")
    flags = {name: "on" for name in ("is_collected", "is_one_line", "is_active") if getattr(kind, name)}
    found = {**{name: getattr(kind, name) for name in names}, **flags, **changed}
    return {name: value for name, value in found.items() if value is not None}


def test_every_standard_kind_comes_with_what_it_is():
    assert [kind.key for kind in STANDARD_KINDS] == list(StandardKind)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", []),
        ("五微", ["五微"]),
        ("五微、纪律教育, 五微；", ["五微", "纪律教育"]),
        (" 甲  乙 ", ["甲", "乙"]),
    ],
)
def test_names_of_lists_are_read_as_people_write_them(text, names):
    assert lists_in(text) == names


def test_a_kind_stands_in_each_of_its_lists():
    kinds = [("微家书", "五微、纪律"), ("微故事", "五微"), ("征文", ""), ("考核", "纪律")]
    assert by_list(kinds) == {"五微": ["微家书", "微故事"], "纪律": ["微家书", "考核"]}


def test_a_line_is_its_own_title_and_of_a_text_it_is_the_beginning():
    assert title_of("字" * 120, is_one_line=True) == "字" * 120
    assert title_of("字" * 121, is_one_line=True) == f"{'字' * 119}…"
    assert title_of("字" * 41, is_one_line=False) == f"{'字' * 39}…"
    assert title_of("一\n 二", is_one_line=False) == "一 二"


def test_both_lists_of_five_are_kept_though_they_differ(cast, kinds):
    said = text_of(cast.client("member").get(KINDS))
    assert "五微</a> 5 类：微家书、微党课、微视频、微故事、微访谈</p>" in said
    assert "纪律教育微活动</a> 5 类：微家书、微党课、微视频、微访谈、微违规考核</p>" in said
    assert "载入标准类别" not in said


def test_the_standard_kinds_are_loaded_once_and_never_over_what_was_edited(cast):
    office = cast.client("officer")
    assert "点“载入标准类别”" in text_of(office.get(KINDS))
    assert "作品类别由政工处维护" in text_of(cast.client("member").get(KINDS))
    empty = office.get("/culture/new/")
    assert "还没有作品类别" in text_of(empty)
    by = cast.actor("officer")
    other = save_kind(key="own", by=by, **fields(name="微家书"))
    said = text_of(office.post(NEW, {"standard": "1"}, follow=True))
    assert "已载入 征文、格言、微党课" in said
    assert WorkKind.objects.filter(bureau=cast.bureau).count() == len(STANDARD_KINDS)
    save_kind(WorkKind.objects.get(key="essay"), by=by, **fields(name="论文"))
    assert load_standard_work_kinds(cast.bureau, by=by) == []
    assert "标准类别都已经有了" in text_of(office.post(NEW, {"standard": "1"}, follow=True))
    assert cast.client("secretary").post(NEW, {"standard": "1"}).status_code == 403
    other.refresh_from_db()
    assert other.key == "own"


def fields(**changed):
    plain = {"name": "微诵读", "lists": "", "note": "", "position": 0}
    return {**plain, "is_collected": True, "is_one_line": False, "is_active": True, **changed}


def test_the_office_makes_a_kind_once_and_calls_for_it(cast, kinds):
    office = cast.client("officer")
    values = {"id": str(new_id()), "name": "微诵读", "lists": "五微，读书", "is_collected": "on"}
    values |= {"is_active": "on"}
    for _ in range(2):
        assert office.post(NEW, values).status_code == 302
    made = WorkKind.objects.get(name="微诵读")
    assert (made.key, made.lists, made.position) == ("workkind-1", "五微、读书", 0)
    again = office.post(NEW, values | {"id": str(new_id())})
    assert "已有名为“微诵读”的作品类别" in text_of(again)
    taken = office.post(NEW, values | {"id": str(new_id()), "name": "别的", "key": "essay"})
    assert "代码“essay”已被使用" in text_of(taken)
    assert "微诵读" in text_of(office.get("/culture/new/"))
    call = {"id": str(new_id()), "kind": made.key, "title": "诵读", "unit": str(cast.root.pk)}
    assert office.post("/culture/new/", call | {"opened_on": "2018-01-02"}).status_code == 302
    assert Call.objects.get().kind == made


def test_what_is_renamed_or_put_out_of_use_keeps_its_calls_and_numbers(cast, kinds, opened, handed):
    office, essay = cast.client("officer"), kinds["essay"]
    call = opened()
    handed(call)
    assert office.post(edit(essay), values_of(essay, name="论文", is_active=None)).status_code == 302
    essay.refresh_from_db()
    assert (essay.name, essay.key, essay.is_active) == ("论文", "essay", False)
    said = text_of(office.get(edit(essay)))
    assert "征文" in said  # in the log
    assert "论文" in text_of(office.get(call.get_absolute_url()))
    assert asked(cast, "culture.essays")[0].amount == 1
    assert asked(cast, "culture.received:essay")[0].amount == 1
    assert "论文" not in text_of(office.get("/culture/new/"))
    assert "论文" in text_of(office.get(reverse("culture:call_edit", args=[call.pk])))
    assert 'value="essay" selected' in text_of(office.get(reverse("culture:call_edit", args=[call.pk])))


@pytest.mark.parametrize(("key", "why"), [("conduct-test", "不征集作品"), ("story", "已停用")])
def test_nothing_is_called_for_that_is_not_collected(cast, kinds, key, why):
    by = cast.actor("officer")
    save_kind(kinds["story"], by=by, **fields(name="微故事", is_active=False))
    values = {"title": "试", "unit": cast.root, "opened_on": OPENED_ON}
    with pytest.raises(Refused, match=why):
        save_call(kind=WorkKind.objects.get(key=key), by=by, **values)
    page = cast.client("officer").post(
        "/culture/new/", {"kind": key, "title": "试", "unit": str(cast.root.pk), "opened_on": "2018-01-02"}
    )
    assert page.status_code == 422


def test_calls_are_found_by_kind_and_by_list(cast, opened):
    opened("essay", "征文甲")
    opened("story", "微故事甲")
    opened("letter", "微家书甲")
    office = cast.client("officer")

    def found(**query):
        said = office.get("/culture/", query | {"format": "csv"}).content.decode("utf-8-sig")
        return {row["征集"] for row in csv.DictReader(io.StringIO(said))}

    assert found(kind="story") == {"微故事甲"}
    assert found(list="五微") == {"微故事甲", "微家书甲"}
    assert found(list="纪律教育微活动") == {"微家书甲"}
    assert found(list="没有这个名目") == found(kind="nothing") == {"征文甲", "微故事甲", "微家书甲"}


def test_the_register_leaves_as_a_file_with_its_numbers(cast, opened, handed):
    handed(opened())
    said = cast.client("member").get(KINDS, {"format": "csv"}).content.decode("utf-8-sig")
    rows = {row["类别"]: row for row in csv.DictReader(io.StringIO(said))}
    assert (rows["征文"]["征集次数"], rows["征文"]["收到"], rows["征文"]["报送"]) == ("1", "1", "0")
    assert rows["微违规考核"]["方式"] == "不征集作品"


def test_only_the_office_of_the_bureau_changes_a_kind(cast, kinds):
    assert cast.client("secretary").get(edit(kinds["essay"])).status_code == 403
    assert cast.client("outsider").get(edit(kinds["essay"])).status_code in {403, 404}


@pytest.mark.parametrize("number", [1, 3])
def test_queries_of_the_register_do_not_grow(cast, opened, handed, django_assert_num_queries, number):
    for count in range(number):
        handed(opened(title=f"第{count}次征集"), f"第{count}篇")
    client = cast.client("officer")
    with django_assert_num_queries(4):
        assert client.get(KINDS).status_code == 200
