"""Monthly inspections in the browser: what is sought, drawn again, corrected, opened again, and by whom."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from qizhi.conduct.models import Case, Inspection, Observation, SampleDraw
from qizhi.core.ids import new_id
from qizhi.regulations.models import Finding

D = dt.date


def address(name, *keys):
    return reverse(f"conduct:{name}", args=keys)


def text_of(page):
    return page.content.decode()


@pytest.fixture
def january(cast):
    row = Inspection.objects.create(
        bureau=cast.bureau,
        month=D(2018, 1, 1),
        title="一月检查",
        led_by=cast.person("inspector"),
        held_on=D(2018, 1, 12),
    )
    row.units.add(cast.first)
    return row


@pytest.fixture
def seen(cast, rules, january):
    return Observation.objects.create(
        bureau=cast.bureau,
        inspection=january,
        person=cast.person("member"),
        clause=rules["MV-9"],
        happened_on=D(2018, 1, 8),
        fact="未着制服",
        evidence="现场查看",
    )


def test_an_inspection_goes_all_the_way_in_the_browser(cast, rules, january):
    office, page = cast.client("inspector"), january.get_absolute_url()
    values = {"number": "2", "on": "2018-01-12", "seed": "一月", "because": ""}
    drawn = office.post(address("inspection_draw", january.pk), values)
    assert drawn.headers["Location"] == address("inspection_sample", january.pk)
    shown = text_of(office.get(drawn.headers["Location"]))
    assert "同样的 2 人" in shown
    assert "抽取口令：一月" in shown
    again = office.post(address("inspection_draw", january.pk), {**values, "number": "3"})
    assert again.status_code == 422
    assert "请写明理由" in text_of(again)
    seen = {"id": new_id(), "person": "党员丁", "happened_on": "2018-01-08", "fact": "未着制服"}
    seen |= {"evidence": "现场", "clause": str(rules["MV-9"].pk), "unit": ""}
    office.post(address("observation_new", january.pk), seen)
    row = Observation.objects.get()
    changed = {**seen, "happened_on": "2018-01-09", "because": ""}
    refused = office.post(address("observation_edit", row.pk), changed)
    assert refused.status_code == 422
    office.post(address("observation_edit", row.pk), {**changed, "because": "看错了日期"})
    shown = text_of(office.get(row.get_absolute_url()))
    assert "看错了日期" in shown
    assert "2018年1月8日" in shown
    assert "2018年1月9日" in shown
    office.post(address("case_from_observation", row.pk), {"id": new_id(), "despite": ""})
    assert str(Case.objects.get()) in text_of(office.get(page))
    office.post(address("inspection_close", january.pk))
    assert office.post(address("inspection_close", january.pk)).status_code == 302
    late = office.post(address("observation_new", january.pk), {**seen, "id": new_id()})
    assert "已经结束" in text_of(late)
    leader = cast.client("leader")
    assert "重新打开" in text_of(leader.get(page))
    assert leader.post(address("inspection_reopen", january.pk), {"because": ""}).status_code == 422
    leader.post(address("inspection_reopen", january.pk), {"because": "漏记一件"})
    assert "漏记一件" in text_of(office.get(page))
    assert office.post(address("observation_new", january.pk), {**seen, "id": new_id()}).status_code == 302


def test_who_has_seen_it_is_named_logged_and_told_in_the_draft(cast, rules, january):
    office, page = cast.client("inspector"), address("observation_new", january.pk)
    assert office.get(page).context["form"]["seen_by"].value() == "纪检子(0011)"
    values = {"id": new_id(), "person": "党员丁", "happened_on": "2018-01-08", "fact": "未着制服", "unit": ""}
    values |= {"evidence": "现场", "clause": str(rules["MV-9"].pk)}
    for names, words in (
        ("纪检子，党员丁", "不能同时是检查人"),
        ("纪检子等2人", "写全"),
        ("纪检子、王五(外单位)", "外单位"),
        ("没有这个人", "人员库里没有"),
    ):
        refused = office.post(page, {**values, "seen_by": names})
        assert refused.status_code == 422
        assert words in text_of(refused)
    office.post(page, {**values, "seen_by": "纪检子；书记甲(0001)、纪检子"})
    row = Observation.objects.get()
    assert {one.name for one in row.seen_by.all()} == {"纪检子", "书记甲"}
    edit = address("observation_edit", row.pk)
    initial = office.get(edit).context["form"].initial["seen_by"]
    office.post(edit, {**values, "seen_by": "纪检子", "because": "书记甲不在场"})
    shown = text_of(office.get(row.get_absolute_url()))
    assert initial in {"纪检子(0011)、书记甲(0001)", "书记甲(0001)、纪检子(0011)"}
    assert "检查人" in shown
    assert "→ 纪检子" in shown
    office.post(address("case_from_observation", row.pk), {"id": new_id(), "despite": ""})
    assert "），检查人纪检子，2018年1月15日由纪检子登记。" in Case.objects.get().evidence
    assert (
        "纪检子" in office.get(address("observations"), {"format": "csv"}).content.decode().split("现场")[1]
    )


def test_the_name_that_is_offered_is_free_in_the_month(cast, january):
    inspector, new = cast.client("inspector"), reverse("conduct:inspection_new")
    january.title = "2018年1月作风纪律检查"
    january.save()
    asked = {}
    for number in (2, 3):
        form = inspector.get(new).context["form"]
        assert form["title"].value() == f"2018年1月作风纪律检查（第{number}次）"
        asked = {bound.name: bound.value() for bound in form if bound.value()} | {"id": new_id()}
        assert inspector.post(new, asked).status_code == 302
    taken = inspector.post(new, asked | {"id": new_id(), "title": january.title})
    assert taken.status_code == 422
    shown = taken.content.decode()
    assert "例如“2018年1月作风纪律检查（第4次）”，或打开原来的检查" in shown
    assert f'href="{january.get_absolute_url()}" target="_blank"' in shown


def test_what_was_seen_is_withdrawn_and_restored(cast, seen):
    office = cast.client("inspector")
    office.post(address("observation_withdraw", seen.pk), {"because": "重复登记"})
    shown = text_of(office.get(seen.get_absolute_url()))
    assert "已撤销，不再计入" in shown
    assert "重复登记" in shown
    assert "未着制服" not in text_of(office.get(address("observations")))
    assert "未着制服" in text_of(office.get(address("observations"), {"state": "withdrawn"}))
    office.post(address("observation_restore", seen.pk))
    assert "未着制服" in text_of(office.get(address("observations"), {"q": "党员丁", "unit": "z01"}))


def test_lists_leave_as_tables(cast, january, seen, finding):
    office = cast.client("inspector")
    SampleDraw.objects.create(
        bureau=cast.bureau,
        inspection=january,
        by_label="纪检子",
        on=D(2018, 1, 12),
        seed="一月",
        number=1,
        units=[{"id": str(cast.first.pk), "name": "第一党支部"}],
        frame=["0001", "0004"],
        drawn=[
            {"id": str(cast.person("member").pk), "staff_no": "0004", "name": "党员丁", "unit": "第一党支部"}
        ],
    )
    for name, keys, words in (
        ("observations", (), "现场查看"),
        ("inspection_findings", (january.pk,), "党员丁未着制服"),
        ("inspection_sample", (january.pk,), "SHA-256"),
        ("inspections", (), "一月检查"),
    ):
        page = address(name, *keys)
        assert words in office.get(page, {"format": "csv"}).content.decode("utf-8-sig"), name
        assert office.get(page, {"format": "xlsx"}).content.startswith(b"PK"), name


def test_a_list_that_was_changed_behind_our_back_is_told(cast, january):
    SampleDraw.objects.create(
        bureau=cast.bureau,
        inspection=january,
        by_label="纪检子",
        on=D(2018, 1, 12),
        seed="一月",
        number=1,
        units=[{"id": str(cast.first.pk), "name": "第一党支部"}],
        frame=["0001"],
        drawn=[
            {"id": str(cast.person("member").pk), "staff_no": "0004", "name": "党员丁", "unit": "第一党支部"}
        ],
    )
    shown = text_of(cast.client("inspector").get(address("inspection_sample", january.pk)))
    assert "结果不同" in shown
    assert "现在多出：0002、0003、0004、0005" in shown


def test_candidates_are_counted_and_none_is_cut_off(cast, january, finding):
    same = {name: getattr(finding, name) for name in ("bureau", "run", "clause", "start", "end", "verdict")}
    words = {"required": "不得", "actual": "一次", "points": -1}
    Finding.objects.bulk_create(
        Finding(**same, **words, person=finding.person, sentence=f"发现{n:03}。", slot=f"s{n:03}")
        for n in range(250)
    )
    office = cast.client("inspector")
    shown = text_of(office.get(january.get_absolute_url()))
    assert "共 251 条，这里是前 10 条" in shown
    page = address("inspection_findings", january.pk)
    assert "发现249" in text_of(office.get(page, {"page": "6"}))
    assert "发现249" in text_of(office.get(page, {"q": "发现249"}))
    assert "没有抽取样本" in text_of(office.get(page, {"scope": "sample"}))


@pytest.mark.parametrize("who", ["secretary", "member", "neighbour", "officer", "personnel", "outsider"])
def test_others_neither_see_nor_change_an_inspection(cast, january, seen, who):
    client = cast.client(who)
    pages = [address("inspections"), address("observations"), january.get_absolute_url()]
    pages += [seen.get_absolute_url(), address("inspection_sample", january.pk)]
    pages += [address("inspection_findings", january.pk)]
    assert {client.get(page).status_code for page in pages} <= {403, 404}
    for name in ("edit", "draw", "close", "reopen"):
        assert client.post(address(f"inspection_{name}", january.pk)).status_code in {403, 404}
    for name in ("edit", "withdraw", "restore"):
        assert client.post(address(f"observation_{name}", seen.pk)).status_code in {403, 404}
    assert client.post(address("case_from_observation", seen.pk)).status_code in {403, 404}
    assert not Case.objects.exists()


def test_who_records_does_not_open_again_and_who_opens_again_does_not_record(cast, january, seen):
    Inspection.objects.update(status="closed")
    assert cast.client("inspector").post(address("inspection_reopen", january.pk)).status_code == 403
    leader = cast.client("leader")
    assert leader.post(address("observation_withdraw", seen.pk), {"because": "？"}).status_code == 403
    assert leader.get(seen.get_absolute_url()).status_code == 200


def _more_seen(seen, number):
    for _ in range(number):
        seen.pk = new_id()
        seen.save(force_insert=True)


@pytest.mark.parametrize("more", [0, 2])
def test_the_page_asks_the_same_number_of_queries(cast, january, seen, django_assert_num_queries, more):
    _more_seen(seen, more)
    client = cast.client("inspector")
    client.get(january.get_absolute_url())
    with django_assert_num_queries(20):
        client.get(january.get_absolute_url())


@pytest.mark.parametrize("more", [0, 2])
def test_the_list_asks_the_same_number_of_queries(cast, seen, django_assert_num_queries, more):
    _more_seen(seen, more)
    client = cast.client("inspector")
    client.get(address("observations"))
    with django_assert_num_queries(9):
        client.get(address("observations"))
