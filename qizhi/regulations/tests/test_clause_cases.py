"""Golden cases in the browser: written, tried, carried to the next version, and asked before it is published."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from qizhi.core.errors import Refused
from qizhi.core.tests.standing import left_standing
from qizhi.regulations.models import Clause, ClauseCase
from qizhi.regulations.services import clone_version, edit_clause, load_national_regulations, publish_version
from qizhi.regulations.services.clause_cases import Gap, gaps, save_cases, text_of, try_version

D = dt.date
TEXT = """
- 名称: 第二季度没有开
  给定: {期间: 2019, 活动: [2019-01-15, 2019-07-01, 2019-12-31]}
  结果: {2019-Q1: 符合, 2019-Q2: 提醒, 2019-Q3: 符合, 2019-Q4: 符合}
  含: 已开展0次
"""


@left_standing
def by(cast):
    return cast.actor("officer")


@left_standing
def current(cast, by):
    """The clause on congresses as it comes with the product."""
    load_national_regulations(cast.bureau, by=by)
    return Clause.objects.select_related("version__regulation").get(bureau=cast.bureau, key="BR-01")


@pytest.fixture
def draft(current, by):
    """The same clause in a draft for 2020."""
    version = clone_version(version=current.version, label="修订", effective_from=D(2020, 1, 1), by=by)
    return version.clauses.get(key="BR-01")


def page(cast, clause, name="clause_cases", who="officer"):
    return cast.client(who).get(reverse(f"regulations:{name}", args=[clause.pk]))


def test_cases_come_with_their_clauses_and_hold(cast, current):
    tried = try_version(current.version)
    assert sum(map(len, tried.values())) > 60
    assert [one.problem for found in tried.values() for one in found if one.problem] == []
    text = page(cast, current, who="member").content.decode()
    assert "季度中间成立的支部" in text
    assert "全部相符" in text
    assert "修改案例" not in text


def test_a_draft_takes_them_along_and_judges_by_its_own_days(cast, draft, by):
    assert draft.cases.count() > 5
    save_cases(
        clause=draft,
        text="- {名称: 旧版本, 给定: {期间: 2019-Q2}, 结果: 提醒}\n"
        "- {名称: 新版本, 给定: {期间: 2020-Q1, 活动: [2020-03-31]}, 结果: 符合}",
        by=by,
    )
    assert [one.problem for one in try_version(draft.version)[draft.pk]] == ["", ""]


def test_cases_are_written_tried_and_read_back(cast, draft):
    client = cast.client("officer")
    address = reverse("regulations:clause_cases_edit", args=[draft.pk])
    answer = client.post(address, {"text": TEXT}, follow=True)
    assert "案例已保存" in answer.content.decode()
    assert "2019-Q2 提醒" in answer.content.decode()
    (row,) = draft.cases.all()
    assert (row.given["活动"], row.contains) == (["2019-01-15", "2019-07-01", "2019-12-31"], ["已开展0次"])
    shown = client.get(address).content.decode()
    assert "期间: 2019" in shown
    assert client.post(address, {"text": text_of([row])}).status_code == 302
    assert list(draft.cases.values_list("given", flat=True)) == [row.given]
    client.post(address, {"text": ""})
    assert not draft.cases.exists()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- 名称: [", "没有读懂"),
        ("名称: 一", "应写成一列案例"),
        ("- 一", "“一”不是案例"),
        ("- {名称: 一, 给定: {}}", "缺“结果”"),
        ("- {名称: 一, 给定: {}, 结果: 差不多}", "“差不多”不是"),
        ("- {名称: 一, 给定: 二, 结果: 符合}", "“给定”：应写成"),
        ("- {名称: 一, 给定: {}, 结果: 符合, 结果: 未达到}", "“结果”写了两次"),
        ("- {名称: 一, 给定: {}, 结果: 符合, 含: [[a]]}", "“含”：应写成文字"),
        ("- {名称: 一, 给定: {}, 结果: 符合, 含: 20.27}", "“含”：应是文字，写的是“20.27”"),
        ("- {名称: 一, 给定: {办结: .nan}, 结果: 符合}", "“nan”不是文字"),
        ('- {名称: 一, 给定: {事项: "\\0"}, 结果: 符合}', "看不见的控制字符"),
        ("- {名称: 一, 给定: &a {事项: *a}, 结果: 符合}", "一层套一层太深"),
        ("- {名称: 一, 给定: {}, 结果: {}}", "结果空着"),
        ("[" * 50_000, "一层套一层太深"),
        ("- !!python/object:os.system {}", "没有读懂"),
        ("&a [*a, *a]", "没有"),
    ],
)
def test_what_cannot_be_read_is_told_and_nothing_is_lost(cast, draft, text, said):
    before = list(draft.cases.values_list("name", flat=True))
    answer = cast.client("officer").post(
        reverse("regulations:clause_cases_edit", args=[draft.pk]), {"text": text}
    )
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert list(draft.cases.values_list("name", flat=True)) == before


def test_a_version_is_published_only_when_all_of_them_hold(cast, draft, by):
    save_cases(clause=draft, text="- {名称: 写错, 给定: {期间: 2020-Q1}, 结果: 符合}", by=by)
    with pytest.raises(Refused, match="条款 BR-01 的案例“写错”不符，不能发布：应为符合，得到提醒"):
        publish_version(version=draft.version, by=cast.actor("leader"))
    save_cases(clause=draft, text="- {名称: 改正, 给定: {期间: 2020-Q1}, 结果: 提醒}", by=by)
    assert not publish_version(version=draft.version, by=cast.actor("leader")).is_draft
    with pytest.raises(Refused, match="已发布，内容不能再改"):
        save_cases(clause=Clause.objects.get(pk=draft.pk), text="", by=by)


def test_only_the_office_writes_them_and_nobody_those_of_another_bureau(cast, draft):
    assert page(cast, draft, "clause_cases_edit", "member").status_code == 403
    assert page(cast, draft, "clause_cases", "outsider").status_code == 404
    assert page(cast, draft, "clause_cases_edit", "outsider").status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_queries_do_not_grow(cast, draft, number, django_assert_num_queries):
    ClauseCase.objects.filter(clause__version=draft.version).exclude(
        pk__in=list(draft.cases.values_list("pk", flat=True)[:number])
    ).delete()
    with django_assert_num_queries(4):
        assert sum(map(len, try_version(draft.version).values())) == number


def test_what_no_case_has_tried_is_said_before_publishing(cast, draft, by):
    address = reverse("regulations:version_publish", args=[draft.version_id])
    inspector = cast.client("inspector")
    assert "案例还没有验到" not in inspector.get(address).content.decode()
    edit_clause(clause=draft, values={"text": "每季度至少召开一次，由书记召集。"}, by=by)
    assert "没有一个用到这次的改动" in inspector.get(address).content.decode()
    save_cases(clause=draft, text="", by=by)
    assert gaps(draft.version, ["BR-01"]) == {
        "BR-01": Gap("没有案例，改动没有验算过（不扣分，可以发布）。", clause_id=draft.pk)
    }
    assert gaps(draft.version, [])["BR-01"].words == "没有案例（不扣分，可以发布）。"
    save_cases(clause=draft, text="- {名称: 写错, 给定: {期间: 2020-Q1}, 结果: 符合}", by=by)
    failing = inspector.get(address).content.decode()
    assert "有1个案例不符（写错）" in failing
    assert "现在不能发布" in failing
    assert "返回，不发布" not in failing, "no button that can only be refused"
    assert inspector.post(address).status_code == 422
    save_cases(clause=draft, text="- {名称: 对, 给定: {期间: 2020-Q1}, 结果: 提醒}", by=by)
    page = inspector.get(address).content.decode()
    assert "案例还没有验到" not in page
    assert "组织生活" in page


def test_a_case_of_earlier_days_is_said_to_be_judged_by_the_earlier_version(cast, draft, by):
    save_cases(
        clause=draft,
        text="- {名称: 以前, 给定: {期间: 2019-Q2}, 结果: 提醒}\n- {名称: 以后, 给定: {期间: 2020-Q2}, 结果: 提醒}",
        by=by,
    )
    assert [one.is_earlier for one in try_version(draft.version)[draft.pk]] == [True, False]
    text = page(cast, draft).content.decode()
    assert "有 1 个案例里的事都发生在这个版本施行以前" in text
    assert "按原版本" in text
