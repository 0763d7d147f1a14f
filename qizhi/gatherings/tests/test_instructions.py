"""Work instructions: versions by day, shown beside the form, never ticked."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from qizhi.core import audit
from qizhi.core.errors import Refused
from qizhi.core.ids import new_id
from qizhi.gatherings import services
from qizhi.gatherings.models import Instruction
from qizhi.gatherings.queries.instructions import in_force
from qizhi.org.enums import Role
from qizhi.org.models import Post

LIST = "/gatherings/instructions/"


@pytest.fixture
def written(cast, kinds):
    """Writes a version of the steps as the officer."""

    def make(key="congress", since="2016-01-01", steps="通知\n\n 清点人数 ", by="officer", **more):
        values = {
            "kind": kinds[key],
            "steps": steps,
            "source": None,
            "from_on": dt.date.fromisoformat(since),
            "to_on": None,
        }
        return services.save_instruction(values=values | more, by=cast.actor(by))

    return make


def test_a_new_version_ends_the_one_before_and_each_day_has_its_own(cast, kinds, written):
    old, new = written(), written(since="2018-01-10", steps="先研究议题")
    old.refresh_from_db()
    assert (old.lines, old.to_on) == (["通知", "清点人数"], dt.date(2018, 1, 9))
    chosen = [kinds["congress"], kinds["lesson"]]
    assert in_force(cast.bureau.pk, chosen, dt.date(2018, 1, 9)) == [old]
    assert in_force(cast.bureau.pk, chosen, dt.date(2018, 1, 10)) == [new]
    assert in_force(cast.bureau.pk, chosen, dt.date(2015, 12, 31)) == []
    assert audit.history(old)[0].verb == "gatherings.end_instruction"


def test_they_stand_beside_the_form_and_follow_day_and_kind(cast, kinds, written):
    written()
    written(since="2018-01-10", steps="先研究<议题>")
    client = cast.client("secretary")
    now = client.get("/gatherings/record/", {"kind": "congress"}).content.decode()
    assert "先研究&lt;议题&gt;" in now
    assert "清点人数" not in now
    then = client.get("/gatherings/record/", {"kind": "congress", "held_on": "2018-01-09"}).content.decode()
    assert "<li>清点人数</li>" in then
    values = {"unit": str(cast.first.pk), "held_on": "2018-01-09", "kinds": [str(kinds["congress"].pk)]}
    values |= {"reload": "1", "votes-TOTAL_FORMS": "0", "votes-INITIAL_FORMS": "0"}
    part = client.post("/gatherings/record/", values, headers={"HX-Request": "true"}).content.decode()
    assert 'id="steps"' in part
    assert "<li>清点人数</li>" in part
    other = client.get("/gatherings/record/", {"kind": "lesson"}).content.decode()
    assert "先研究" not in other


def test_nothing_can_be_ticked(cast, written):
    row = written()
    for page in (row.get_absolute_url(), LIST):
        said = cast.client("member").get(page).content.decode()
        assert 'type="checkbox"' not in said.replace("site-menu", "")
    names = {column.name for column in Instruction._meta.concrete_fields}
    assert names == {"id", "bureau", "from_on", "to_on", "kind", "steps", "source"}


def test_everybody_reads_and_prints_and_only_some_write(cast, written):
    row = written()
    for name in ("member", "secretary", "leader"):
        assert cast.client(name).get(row.get_absolute_url()).status_code == 200
        assert cast.client(name).get(reverse("gatherings:instruction_new")).status_code == 403
    assert cast.client("outsider").get(row.get_absolute_url()).status_code == 404
    said = cast.client("officer").get(row.get_absolute_url()).content.decode()
    assert "data-print" in said
    assert "自2016年1月1日起施行" in said
    Post.objects.create(
        bureau=cast.bureau,
        person=cast.person("inspector"),
        unit=cast.committee,
        role=Role.COMMITTEE_SECRETARY,
        from_on=dt.date(2015, 1, 1),
    )
    assert cast.client("inspector").get(reverse("gatherings:instruction_new")).status_code == 200


def test_the_form_makes_one_row_and_starts_from_the_version_before(cast, kinds, written):
    written()
    client, address = cast.client("officer"), reverse("gatherings:instruction_new")
    form = client.get(address, {"kind": "congress"}).context["form"]
    assert form["steps"].value() == "通知\n清点人数"
    values = {"id": str(new_id()), "kind": str(kinds["congress"].pk)}
    values |= {"from_on": "2018-01-01", "steps": "一\n二"}
    for _ in range(2):
        assert client.post(address, values).status_code == 302
    made = Instruction.objects.get(from_on=dt.date(2018, 1, 1))
    edit = reverse("gatherings:instruction_edit", args=[made.pk])
    assert client.get(edit).status_code == 200
    changed = values | {"id": str(made.pk), "steps": "一\n二\n三", "to_on": "2018-12-31"}
    assert client.post(edit, changed)["Location"] == made.get_absolute_url()
    made.refresh_from_db()
    assert (made.lines, made.to_on) == (["一", "二", "三"], dt.date(2018, 12, 31))
    wrong = client.post(edit, changed | {"steps": "  \n "})
    assert wrong.status_code == 422


def test_what_cannot_be_is_refused(cast, written):
    written(since="2018-01-10")
    for more, words in (
        ({"since": "2018-01-01"}, "日期重叠"),
        ({"since": "2018-01-10"}, "日期重叠"),
        ({"to_on": dt.date(2015, 1, 1)}, "截止日期早于"),
        ({"steps": "长" * 201}, "每步最多"),
        ({"steps": "步\n" * 51}, "最多 50 步"),
        ({"by": "secretary"}, "由机关党委和政工处维护"),
        ({"by": "outsider"}, "类型或文件不存在"),
    ):
        with pytest.raises(Refused, match=words):
            written(**more)
    assert written(since="2018-01-01", to_on=dt.date(2018, 1, 9)).to_on == dt.date(2018, 1, 9)
    row = Instruction.objects.first()
    with pytest.raises(IntegrityError), transaction.atomic():
        Instruction.objects.create(bureau=cast.bureau, kind=row.kind, steps="x", from_on=dt.date(2018, 2, 1))


def test_the_list_is_filtered_and_leaves_as_a_file(cast, written):
    written()
    written(since="2018-01-10", steps="先研究议题")
    written("lesson", steps="定题目")
    client = cast.client("member")
    said = client.get(LIST, {"kind": "congress"}).content.decode()
    assert "已被替换" in said
    assert "施行中" in said
    csv = client.get(LIST, {"format": "csv"}).content.decode("utf-8-sig").splitlines()
    assert len(csv) == 5
    assert csv[1].startswith("支部党员大会,2018")
    assert client.get(LIST, {"format": "xlsx"}).content[:2] == b"PK"


@pytest.mark.parametrize("number", [1, 3])
def test_queries_do_not_grow(cast, written, django_assert_num_queries, number):
    row = written()
    for key in ("congress", "lesson", "theme-day")[:number]:
        row = written(key, since="2018-01-10")
    client = cast.client("secretary")
    with django_assert_num_queries(5):
        assert client.get(LIST).status_code == 200
    with django_assert_num_queries(5):
        assert client.get(row.get_absolute_url()).status_code == 200
