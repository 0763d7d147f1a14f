"""Closing, merging and reopening units, and hanging them elsewhere: nothing is left behind, all of it is logged."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from qizhi.core.errors import Refused
from qizhi.core.models import AuditEvent
from qizhi.org.enums import Role, UnitKind
from qizhi.org.models import JointUnit, Membership, Placement, Post, TemporaryBranch, Unit
from qizhi.org.queries import branch_states
from qizhi.org.services.closing import close_unit
from qizhi.org.services.reopening import reopen_unit
from qizhi.org.services.units import create_unit, rename_unit

D = dt.date


def found(cast, kind, code, name, parent, **more):
    values = {"kind": kind, "code": code, "name": name, "parent": parent, "from_on": D(2016, 1, 1)} | more
    return create_unit(bureau_id=cast.bureau.pk, by=cast.actor("officer"), **values)


def close(cast, unit, successor=None):
    return close_unit(unit, last_day=D(2018, 1, 14), successor=successor, by=cast.actor("officer"))


def post(cast, unit, values, step="close"):
    return cast.client("officer").post(reverse(f"org:unit_{step}", args=[unit.pk]), values)


def tree(cast):
    return dict(Unit.objects.filter(bureau=cast.bureau).values_list("code", "path"))


def members(cast):
    rows = Membership.objects.filter(bureau=cast.bureau).order_by("person__staff_no", "from_on")
    return list(rows.values_list("person__name", "unit__code", "group__code", "from_on", "to_on"))


def test_a_committee_with_branches_is_not_closed_into_nothing(cast):
    page = post(cast, cast.committee, {"last_day": "2018-01-14", "successor": ""})
    assert page.status_code == 422
    assert "下面还有 2 个组织：第一党支部、第二党支部" in page.content.decode()
    assert not Unit.objects.exclude(to_on=None).exists()


def test_branches_hang_under_the_successor_of_their_committee(cast):
    other = found(cast, UnitKind.COMMITTEE, "oc2", "新机关党委", cast.root)
    before = members(cast)
    answer = post(cast, cast.committee, {"last_day": "2018-01-14", "successor": str(other.pk)})
    assert answer.status_code == 302
    assert tree(cast)["z01"] == "b/oc2/z01/"
    assert tree(cast)["z01-1"] == "b/oc2/z01/z01-1/"
    assert not Unit.objects.filter(kind=UnitKind.BRANCH).exclude(to_on=None).exists()
    assert members(cast) == before
    moved = AuditEvent.objects.filter(verb="org.move_unit")
    assert {event.object_label for event in moved} == {"第一党支部", "第一党小组", "第二党支部"}
    event = moved.get(object_id=cast.first.pk)
    assert event.before == {"parent_id": str(cast.committee.pk), "path": "b/oc/z01/"}
    page = cast.client("officer").get(reverse("org:unit_reopen", args=[cast.committee.pk])).content.decode()
    assert "第一党支部" in page
    assert post(cast, cast.committee, {}, "reopen").status_code == 302
    assert tree(cast)["z01-1"] == "b/oc/z01/z01-1/"
    assert Unit.objects.get(pk=cast.committee.pk).to_on is None


def test_branches_are_not_moved_before_their_day(cast):
    other = found(cast, UnitKind.COMMITTEE, "oc2", "新机关党委", cast.root)
    page = post(cast, cast.committee, {"last_day": "2018-01-31", "successor": str(other.pk)})
    assert "不能预先登记" in page.content.decode()
    assert tree(cast)["z01"] == "b/oc/z01/"


@pytest.fixture
def twin(cast):
    """The second branch has a group of the same name, with a leader and a member; the first has one leader more."""
    group = found(cast, UnitKind.GROUP, "z02-1", "第一党小组", cast.second)
    row = Membership.objects.get(person=cast.person("neighbour"))
    Membership.objects.filter(pk=row.pk).update(group=group)
    make = {"bureau": cast.bureau, "role": Role.GROUP_LEADER, "from_on": D(2016, 1, 1)}
    Post.objects.create(**make, person=cast.person("neighbour"), unit=group)
    return group


def test_a_branch_is_merged_with_its_groups_their_members_and_posts(cast, twin):
    before = branch_states(cast.bureau.pk, [cast.first.pk, cast.second.pk], D(2018, 1, 14))
    events = AuditEvent.objects.count()
    close(cast, cast.second, cast.first)
    after = branch_states(cast.bureau.pk, [cast.first.pk, cast.second.pk], D(2018, 1, 15))
    assert branch_states(cast.bureau.pk, [cast.first.pk, cast.second.pk], D(2018, 1, 14)) == before
    assert (after[cast.first.pk].members, after[cast.first.pk].groups) == (8, 2)
    assert (after[cast.second.pk].members, after[cast.second.pk].groups) == (0, 0)
    made = Unit.objects.get(code="z01-2")
    assert (made.name, made.from_on, made.parent) == (
        "第一党小组（原第二党支部）",
        D(2018, 1, 15),
        cast.first,
    )
    twin.refresh_from_db()
    assert (twin.to_on, twin.successor) == (D(2018, 1, 14), made)
    assert ("书记己", "z01", "z01-2", D(2018, 1, 15), None) in members(cast)
    assert ("书记己", "z02", "z02-1", D(2015, 1, 1), D(2018, 1, 14)) in members(cast)
    leads = Post.objects.filter(person=cast.person("neighbour"), role=Role.GROUP_LEADER).order_by("from_on")
    assert [(row.unit.code, row.to_on) for row in leads] == [("z02-1", D(2018, 1, 14)), ("z01-2", None)]
    assert Post.objects.get(unit=cast.second, role=Role.SECRETARY).to_on == D(2018, 1, 14)
    # Three members and a leader, each ended and begun; the secretary; a group founded; two units closed.
    assert AuditEvent.objects.count() - events == 2 * 4 + 1 + 1 + 2
    history = cast.client("officer").get(cast.person("neighbour").get_absolute_url()).content.decode()
    assert "组织并入，组织关系转入" in history


def test_a_merger_taken_back_leaves_everything_as_it_was(cast, twin):
    before, posts = members(cast), list(Post.objects.order_by("pk").values())
    close(cast, cast.second, cast.first)
    page = cast.client("officer").get(reverse("org:unit_reopen", args=[cast.second.pk])).content.decode()
    assert "3 人" in page
    reopen_unit(cast.second, by=cast.actor("officer"))
    assert members(cast) == before
    assert list(Post.objects.order_by("pk").values()) == posts
    assert not Unit.objects.filter(code="z01-2").exists()
    twin.refresh_from_db()
    assert (twin.to_on, twin.successor) == (None, None)
    reopened = AuditEvent.objects.filter(verb__startswith="org.reopen_")
    assert reopened.count() == 2 + 3 + 2  # units, memberships, posts


def test_a_merger_whose_group_has_a_history_by_now_is_not_taken_back(cast, twin):
    close(cast, cast.second, cast.first)
    made = Unit.objects.get(code="z01-2")
    Membership.objects.filter(person=cast.person("member")).update(group=made)
    before = members(cast)
    page = post(cast, cast.second, {}, "reopen")
    assert page.status_code == 409
    assert "后来又登记了组织关系" in page.content.decode()
    assert members(cast) == before
    cast.second.refresh_from_db()
    assert cast.second.to_on == D(2018, 1, 14)


def test_a_closed_unit_is_not_closed_again_and_an_open_one_not_reopened(cast):
    close(cast, cast.second, cast.first)
    cast.second.refresh_from_db()
    events = AuditEvent.objects.count()
    assert close(cast, cast.second, cast.first) == cast.second, "a second click"
    assert AuditEvent.objects.count() == events
    with pytest.raises(Refused, match="请先恢复它"):
        close(cast, cast.second)
    assert post(cast, cast.first, {}, "reopen").status_code == 302
    with pytest.raises(Refused, match="不用恢复"):
        reopen_unit(cast.first, by=cast.actor("officer"))


def test_below_a_closed_unit_nothing_reopens(cast):
    group = found(cast, UnitKind.GROUP, "z02-1", "小组", cast.second)
    close(cast, group)
    close(cast, cast.second, cast.first)
    with pytest.raises(Refused, match="请先恢复上级"):
        reopen_unit(group, by=cast.actor("officer"))


def test_members_of_a_closed_group_stay_in_the_branch(cast):
    before = members(cast)
    close(cast, cast.group)
    assert branch_states(cast.bureau.pk, [cast.first.pk], D(2018, 1, 15))[cast.first.pk].members == 5
    assert ("党员丁", "z01", None, D(2018, 1, 15), None) in members(cast)
    reopen_unit(cast.group, by=cast.actor("officer"))
    assert members(cast) == before


def test_a_group_is_merged_into_one_of_its_own_branch_only(cast, twin):
    with pytest.raises(Refused, match="在另一个支部"):
        close(cast, cast.group, twin)
    other = found(cast, UnitKind.GROUP, "z01-9", "第二党小组", cast.first)
    close(cast, cast.group, other)
    assert ("党员丁", "z01", "z01-9", D(2018, 1, 15), None) in members(cast)


def test_what_begins_after_the_closing_stands_in_its_way(cast):
    Placement.objects.filter(person=cast.person("member")).update(to_on=D(2018, 5, 31))
    values = {"bureau": cast.bureau, "person": cast.person("member"), "unit": cast.department}
    Placement.objects.create(**values, from_on=D(2018, 6, 1))
    other = found(cast, UnitKind.DEPARTMENT, "d2", "另一处", cast.root)
    with pytest.raises(Refused, match="在撤销之后才开始"):
        close(cast, cast.department, other)


def test_a_department_is_merged_with_its_staff(cast):
    other = found(cast, UnitKind.DEPARTMENT, "d2", "另一处", cast.root)
    below = found(cast, UnitKind.DEPARTMENT, "d3", "下属科", cast.department)
    with pytest.raises(Refused, match="不能并入自己的下级"):
        close(cast, cast.department, below)
    close(cast, cast.department, other)
    assert Placement.objects.filter(unit=other, from_on=D(2018, 1, 15)).count() == 12
    assert tree(cast)["d3"] == "b/d2/d3/"


def test_the_unit_above_is_corrected_with_all_paths_below(cast):
    answer = post(
        cast,
        cast.first,
        {"name": "第一党支部", "parent": str(cast.root.pk), "from_on": "2015-01-01"},
        "edit",
    )
    assert answer.status_code == 302
    assert (tree(cast)["z01"], tree(cast)["z01-1"]) == ("b/z01/", "b/z01/z01-1/")
    page = cast.client("officer").get(cast.first.get_absolute_url()).content.decode()
    assert "上级：机关党委 → 甲示例局" in page


def test_a_unit_hangs_neither_under_itself_nor_a_group_elsewhere(cast):
    by = cast.actor("officer")

    def correct(unit, parent=None, from_on=None):
        return rename_unit(
            unit, name=unit.name, short_name="", from_on=from_on or unit.from_on, parent=parent, by=by
        )

    with pytest.raises(Refused, match="就在"):
        correct(cast.committee, cast.first)
    with pytest.raises(Refused, match="里有组织关系"):
        correct(cast.group, cast.second)
    with pytest.raises(Refused, match="下面不能再设组织"):
        correct(cast.second, cast.group)
    with pytest.raises(Refused, match="只能设在党支部里"):
        found(cast, UnitKind.GROUP, "g9", "小组", cast.committee)
    with pytest.raises(Refused, match="早于这一天"):
        correct(cast.second, from_on=D(2016, 1, 1))


@pytest.mark.parametrize("who", ["secretary", "member", "outsider"])
def test_only_who_manages_units_closes_and_reopens(cast, who):
    for step in ("close", "reopen", "edit"):
        address = reverse(f"org:unit_{step}", args=[cast.second.pk])
        assert cast.client(who).post(address, {"last_day": "2018-01-14"}).status_code in {403, 404}


def covers(cast):
    rows = JointUnit.objects.filter(bureau=cast.bureau).order_by("from_on", "pk")
    return [(row.unit.code, row.covered.code, row.from_on, row.to_on) for row in rows]


def test_what_a_branch_covers_goes_on_with_its_successor_and_comes_back(cast):
    other = found(cast, UnitKind.DEPARTMENT, "d2", "第二处", cast.root)
    start, end, next_day = D(2016, 1, 1), D(2018, 1, 14), D(2018, 1, 15)
    for unit, covered in ((cast.second, cast.department), (cast.second, other), (cast.first, other)):
        JointUnit.objects.create(bureau=cast.bureau, unit=unit, covered=covered, from_on=start)
    TemporaryBranch.objects.create(bureau=cast.bureau, unit=cast.second, from_on=start)
    before = covers(cast)
    closed = close(cast, cast.second, cast.first)
    mine, theirs = cast.second.code, cast.first.code
    assert sorted(covers(cast), key=str) == sorted(
        [
            (mine, cast.department.code, start, end),
            (mine, "d2", start, end),
            (theirs, "d2", start, None),
            (theirs, cast.department.code, next_day, None),
        ],
        key=str,
    )
    assert TemporaryBranch.objects.get().to_on == end
    reopen_unit(closed, by=cast.actor("officer"))
    assert sorted(covers(cast), key=str) == sorted(before, key=str)
    assert TemporaryBranch.objects.get().to_on is None


def test_a_department_that_is_merged_takes_its_branch_along(cast):
    other = found(cast, UnitKind.DEPARTMENT, "d2", "第二处", cast.root)
    JointUnit.objects.create(bureau=cast.bureau, unit=cast.first, covered=other, from_on=D(2016, 1, 1))
    close(cast, other, cast.department)
    assert [row[1:] for row in covers(cast)] == [
        ("d2", D(2016, 1, 1), D(2018, 1, 14)),
        (cast.department.code, D(2018, 1, 15), None),
    ]
