"""The table of posts: titles as branches write them, twice is once, out again as it came."""

from __future__ import annotations

import datetime as dt

import pytest

from qizhi.core.imports import What, get
from qizhi.core.tables.reading import read_table
from qizhi.core.tables.write import write_csv, write_xlsx
from qizhi.org.enums import Role
from qizhi.org.importers import POSTS
from qizhi.org.importers.posts import role_of
from qizhi.org.models import Post
from qizhi.org.queries import actor_of


def _run(cast, text, *, write=True, who="officer"):
    reading = read_table(text.encode("utf-8-sig"), "表.csv", POSTS)
    return get("org.posts").run(reading, cast.actor(who), write=write)


def _said(outcome):
    return [(error.cell, error.column_label, error.reason) for error in outcome.errors]


def _counts(outcome):
    return tuple(outcome.count(what) for what in (What.NEW, What.CHANGED, What.SAME))


LIST = """第二党支部支委名单,,,
姓 名,党内职务,任职时间,免职时间
党员庚,组织委员,2017年3月,
党员辛,副书记,2017.3.1,2017-12-31
书记己,书记,,
"""


def test_a_branch_list_says_who_holds_what(cast):
    outcome = _run(cast, LIST)
    assert (_said(outcome), _counts(outcome)) == ([], (2, 0, 1))
    made = {post.person.name: post for post in Post.objects.filter(unit=cast.second).select_related("person")}
    one, other = made["党员庚"], made["党员辛"]
    assert (one.role, one.title, one.from_on) == ("branch_committee_member", "组织委员", dt.date(2017, 3, 1))
    assert (other.role, other.title, other.to_on) == ("deputy_secretary", "", dt.date(2017, 12, 31))
    assert _counts(_run(cast, LIST)) == (0, 0, 3)


def test_whoever_is_given_a_post_may_do_what_it_allows(cast):
    assert not actor_of(cast.member).grants
    outcome = _run(cast, "姓名,组织,职务,起始日期\n党员丁,第一党支部第一党小组,组长,2018-01-01\n")
    assert _said(outcome) == []
    assert [grant.role for grant in actor_of(cast.member).grants] == ["group_leader"]


def test_bad_rows_are_named_and_nothing_is_written(cast):
    before = Post.objects.count()
    outcome = _run(
        cast,
        "姓名,组织,职务,职务类别,起始日期,截止日期\n"
        "党员丁,示例处,副处长,,,\n"
        "没有的人,第一党支部,书记,,,\n"
        "党员丁,没有的支部,书记,,,\n"
        "党员丁,第一党支部,书记,,2014-01-01,\n"
        "书记甲,第一党支部,书记,,2016-01-01,\n"
        "党员丁,第一党支部,委员,,2017-05-01,2017-04-01\n"
        "委员乙,第一党支部,组织委员,,2015-01-01,\n",
    )
    assert [(cell, label) for cell, label, _ in _said(outcome)] == [
        ("C2", "职务"),
        ("A3", "姓名"),
        ("B4", "组织"),
        ("E5", "起始日期"),
        ("E6", "起始日期"),
        ("F7", "截止日期"),
        ("C8", "职务"),
    ]
    assert "看不出是处室的哪一类职务" in outcome.errors[0].reason
    assert "已任此职" in outcome.errors[4].reason
    assert Post.objects.count() == before


def test_an_end_is_brought_later_and_an_earlier_term_beside_it(cast):
    ended = _run(cast, "姓名,组织,职务,截止日期\n书记己,第二党支部,书记,2017-12-31\n")
    assert (_said(ended), _counts(ended)) == ([], (0, 1, 0))
    more = "姓名,组织,职务,起始日期,截止日期\n"
    earlier = more + "党员庚,第二党支部,书记,2018-01-01,\n党员庚,第二党支部,书记,2015-02-01,2015-12-31\n"
    assert _counts(_run(cast, earlier)) == (2, 0, 0)
    assert _counts(_run(cast, earlier)) == (0, 0, 2)


@pytest.mark.parametrize("write", [write_csv, write_xlsx])
def test_what_goes_out_comes_back_without_change(cast, write):
    _run(cast, LIST)
    Post.objects.filter(unit=cast.first, role="secretary").update(title="支部书记")
    rows = list(get("org.posts").export(cast.actor("officer")))
    assert len(rows) == Post.objects.filter(bureau=cast.bureau).count()
    reading = read_table(write(POSTS, rows), "导出", POSTS)
    outcome = get("org.posts").run(reading, cast.actor("officer"), write=False)
    assert (_said(outcome), _counts(outcome)) == ([], (0, 0, len(rows)))


@pytest.mark.parametrize(
    ("title", "kind", "role"),
    [
        ("书记", "branch", Role.SECRETARY),
        ("党支部书记", "branch", Role.SECRETARY),
        ("支部副书记", "branch", Role.DEPUTY_SECRETARY),
        ("纪检委员", "branch", Role.BRANCH_COMMITTEE_MEMBER),
        ("书记", "committee", Role.COMMITTEE_SECRETARY),
        ("专职副书记", "committee", None),
        ("委员", "committee", Role.COMMITTEE_MEMBER),
        ("成员", "centre_group", Role.CENTRE_GROUP_MEMBER),
        ("组长", "group", Role.GROUP_LEADER),
        ("副组长", "group", None),
        ("处长", "department", Role.DEPARTMENT_HEAD),
        ("副处长", "department", None),
        ("政工处", "bureau", Role.AFFAIRS_OFFICER),
        ("书记", "department", None),
        ("干事", "branch", None),
    ],
)
def test_a_title_tells_its_kind_only_where_it_fits_the_unit(title, kind, role):
    assert role_of(title, kind) == role


@pytest.mark.parametrize("write", [False, True])
def test_two_of_the_administrators_offices_are_refused_in_the_table_and_with_what_stands(cast, write):
    table = "姓名,组织,职务类别,起始日期\n党员丁,甲示例局,政工处,2017-01-01\n党员丁,甲示例局,人事干部,2017-06-01\n"
    before = Post.objects.count()
    outcome = _run(cast, table, write=False)
    assert [(error.cell, "须由不同的人" in error.fix) for error in outcome.errors] == [("A3", True)]
    outcome = _run(cast, "姓名,组织,职务类别,起始日期\n干事壬,甲示例局,纪检干部,2017-06-01\n", write=write)
    assert "不能同时任纪检干部" in outcome.errors[0].reason
    assert Post.objects.count() == before
