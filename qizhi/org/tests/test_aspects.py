"""That a branch is temporary for a time, and which departments it covers: pages, refusals, the log."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from qizhi.core import audit
from qizhi.core.errors import Refused
from qizhi.core.ids import new_id
from qizhi.org.models import JointUnit, TemporaryBranch, Unit
from qizhi.org.queries.belonging import belonging_of
from qizhi.org.services.aspects import correct_aspect, cover_unit, mark_temporary, remove_aspect

D = dt.date


@pytest.fixture
def by(cast):
    return cast.actor("officer")


def test_a_temporary_branch_is_written_down_corrected_and_removed(cast, by):
    row = mark_temporary(unit=cast.first, from_on=D(2017, 1, 1), to_on=None, purpose=" 援建 ", by=by)
    assert (row.purpose, row.label) == ("援建", "临时党支部（援建）")
    assert belonging_of(cast.bureau.pk).is_temporary(cast.first.pk, D(2018, 1, 1))
    assert (
        mark_temporary(unit=cast.first, from_on=D(2017, 1, 1), to_on=None, purpose="", by=by, id=row.pk)
        == row
    )
    with pytest.raises(Refused, match="2017年1月1日至今已登记为临时党支部（援建），日期重叠"):
        mark_temporary(unit=cast.first, from_on=D(2017, 5, 1), to_on=None, purpose="", by=by)
    correct_aspect(row, by=by, to_on=D(2017, 4, 30))
    again = mark_temporary(unit=cast.first, from_on=D(2017, 5, 1), to_on=None, purpose="", by=by)
    assert str(again) == "临时党支部"
    with pytest.raises(Refused, match="为什么删除"):
        remove_aspect(again, because=" ", by=by)
    remove_aspect(again, because="登记错了", by=by)
    assert TemporaryBranch.objects.count() == 1
    told = audit.tell(cast.first, [row])
    assert [one.what for one in told][:3] == ["删除临时党支部", "更正临时党支部", "登记临时党支部"]
    assert told[0].because == "登记错了"


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"from_on": D(2014, 12, 31)}, "才成立"),
        ({"from_on": D(2017, 1, 2), "to_on": D(2017, 1, 1)}, "截止日期早于起始日期"),
    ],
)
def test_days_that_cannot_be_are_refused(cast, by, values, said):
    with pytest.raises(Refused, match=said):
        mark_temporary(**{"unit": cast.first, "to_on": None, "purpose": "", "by": by, **values})


def test_only_a_branch_covers_and_only_departments_are_covered(cast, by):
    with pytest.raises(Refused, match="不是党支部"):
        mark_temporary(unit=cast.committee, from_on=D(2017, 1, 1), to_on=None, purpose="", by=by)
    with pytest.raises(Refused, match="请选处室"):
        cover_unit(unit=cast.first, covered=cast.second, from_on=D(2017, 1, 1), to_on=None, by=by)
    Unit.objects.filter(pk=cast.department.pk).update(to_on=D(2016, 12, 31))
    cast.department.refresh_from_db()
    with pytest.raises(Refused, match="后已撤销"):
        cover_unit(unit=cast.first, covered=cast.department, from_on=D(2017, 1, 1), to_on=None, by=by)
    row = cover_unit(unit=cast.first, covered=cast.department, from_on=D(2016, 1, 1), to_on=None, by=by)
    with pytest.raises(Refused, match="覆盖示例处，日期重叠"):
        cover_unit(unit=cast.first, covered=cast.department, from_on=D(2016, 2, 1), to_on=None, by=by)
    cover_unit(unit=cast.second, covered=cast.department, from_on=D(2016, 1, 1), to_on=None, by=by)
    with pytest.raises(IntegrityError), transaction.atomic():
        JointUnit.objects.create(
            bureau=cast.bureau, unit=row.unit, covered=row.covered, from_on=D(2016, 3, 1)
        )


def page(cast, unit, who="officer"):
    return cast.client(who).get(unit.get_absolute_url()).content.decode()


def test_the_pages_of_branch_and_department(cast, by):
    client = cast.client("officer")
    assert "登记覆盖单位" in page(cast, cast.first)
    assert "登记覆盖单位" not in page(cast, cast.first, "secretary")
    new = reverse("org:aspect_new", args=[cast.first.pk, "joint-unit"])
    values = {"id": str(new_id()), "covered": str(cast.department.pk), "from_on": "2017-01-01"}
    wrong = client.post(new, {**values, "from_on": "2014-01-01"})
    assert wrong.status_code == 422
    assert "才成立" in wrong.content.decode()
    assert client.post(new, values).status_code == 302
    row = JointUnit.objects.get()
    text = page(cast, cast.first)
    assert "1 个：" in text
    assert "覆盖示例处" in text
    assert "覆盖示例处" in page(cast, cast.first, "secretary")
    assert "所在党支部" in page(cast, cast.department)
    edit = reverse("org:aspect_edit", args=[cast.first.pk, "joint-unit", row.pk])
    assert 'value="2017-01-01"' in client.get(edit).content.decode()
    given = {"covered": str(cast.department.pk), "from_on": "2017-01-01", "to_on": "2016-01-01"}
    assert client.post(edit, given).status_code == 422
    assert client.post(edit, {**given, "to_on": "2017-06-30"}).status_code == 302
    assert "所在党支部" not in page(cast, cast.department), "on the day that is asked for"
    remove = reverse("org:aspect_remove", args=[cast.first.pk, "joint-unit", row.pk])
    assert client.post(remove, {"because": ""}).status_code == 422
    assert client.post(remove, {"because": "重复登记"}).status_code == 302
    assert "重复登记" in page(cast, cast.first)
    temporary = reverse("org:aspect_new", args=[cast.first.pk, "temporary"])
    assert (
        client.post(temporary, {"id": str(new_id()), "from_on": "2018-01-01", "purpose": ""}).status_code
        == 302
    )
    assert "自2018年1月1日" in page(cast, cast.first)


def test_who_may_and_what_is_there(cast, by):
    row = mark_temporary(unit=cast.first, from_on=D(2017, 1, 1), to_on=None, purpose="", by=by)
    new = reverse("org:aspect_new", args=[cast.first.pk, "temporary"])
    edit = reverse("org:aspect_edit", args=[cast.first.pk, "temporary", row.pk])
    assert cast.client("secretary").get(new).status_code == 403
    assert cast.client("outsider").get(edit).status_code == 404
    officer = cast.client("officer")
    assert officer.get(edit).status_code == 200
    for address in (
        reverse("org:aspect_new", args=[cast.first.pk, "nothing"]),
        reverse("org:aspect_new", args=[cast.department.pk, "temporary"]),
        reverse("org:aspect_edit", args=[cast.second.pk, "temporary", row.pk]),
        reverse("org:aspect_edit", args=[cast.first.pk, "joint-unit", row.pk]),
    ):
        assert officer.get(address).status_code == 404, address
