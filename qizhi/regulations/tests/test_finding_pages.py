"""Pages of findings: the list with its filters, the page that explains, the withdrawal."""

from __future__ import annotations

import ast
import datetime as dt
from pathlib import Path

import pytest

import qizhi
from qizhi.core import clock
from qizhi.core.periods import Period
from qizhi.org.models import Membership
from qizhi.regulations.enums import FindingStatus
from qizhi.regulations.kinds import all_kinds, say_evidence
from qizhi.regulations.kinds.words import EVIDENCE_WORDS
from qizhi.regulations.models import Finding
from qizhi.regulations.services import run_clauses, withdraw_finding
from qizhi.regulations.tests.planted import LATE, OF

D = dt.date
LIST = "/regulations/findings/"


@pytest.fixture(autouse=True)
def today(_clock):
    with clock.at(D(2018, 3, 1)):
        yield


@pytest.fixture
def found(cast, clause):
    """a in January about a member, b in February about the second branch, c that cannot be known."""
    LATE.update({"a": (D(2018, 1, 5), 3), "b": (D(2018, 2, 6), 5), "c": (D(2018, 2, 7), -1)})
    OF.update({"a": {"person_id": cast.person("member").pk}, "b": {"unit_id": cast.second.pk}})
    judge(cast)
    return {one.occurrence: one for one in Finding.objects.live()}


def judge(cast):
    span = Period(D(2018, 1, 1), D(2018, 2, 28))
    return run_clauses(bureau_id=cast.bureau.pk, span=span, as_of=clock.today(), by=cast.actor("officer"))


def listed(client, **asked):
    page = client.get(LIST, asked)
    assert page.status_code == 200
    return {one.occurrence for one in page.context["page_of_findings"]}


def test_the_list_is_narrowed_by_months_people_units_clauses_and_verdicts(cast, found):
    client = cast.client("inspector")
    assert listed(client) == {"a", "b", "c"}
    assert listed(client, **{"from": "2018-02", "to": "2018-02"}) == {"b", "c"}
    assert listed(client, to="2018-01") == {"a"}
    assert listed(client, unit=cast.second.pk) == {"b"}
    assert listed(client, unit=cast.first.pk) == {"a"}, "people of a branch stand under their branch"
    assert listed(client, unit=cast.department.pk) == {"a"}
    assert listed(client, person="党员丁") == listed(client, person="0004") == {"a"}
    assert listed(client, person="党员丁(0004)") == {"a"}
    assert listed(client, person="党员丁(0005)") == set()
    assert listed(client, verdict="unknown") == {"c"}
    assert listed(client, clause="late|L-1") == {"a", "b", "c"}
    assert listed(client, clause="late|L-2") == set()
    assert listed(client, status=FindingStatus.GONE) == set()
    nonsense = {"from": "x", "unit": "x", "run": "x", "status": "x", "verdict": "x", "page": "x"}
    assert listed(client, **nonsense, person="\x00", clause="\x00") == {"a", "b", "c"}
    Membership.objects.filter(person=cast.person("member")).update(unit=cast.second, group=None)
    assert listed(client, unit=cast.first.pk) == set()


def test_the_list_as_filtered_leaves_as_a_table(cast, found):
    text = (
        cast.client("officer")
        .get(LIST, {"unit": cast.second.pk, "format": "csv"})
        .content.decode("utf-8-sig")
    )
    assert text.splitlines() == [
        "期间,对象,依据,条款代码,结论,分值,应当,实际,说明,状态,处理理由",
        "2018年2月6日,第二党支部,《逾期办法》第一条,L-1,未达到,-1,2天内,晚5天,b：晚5天,有效,",
    ]
    assert cast.client("officer").get(LIST, {"format": "xlsx"}).content.startswith(b"PK")


def test_a_finding_explains_itself_by_what_it_has_kept(cast, found):
    page = cast.client("leader").get(found["a"].get_absolute_url()).content.decode()
    for words in (
        "党员丁(0004)：2018年1月5日",
        "《逾期办法》",
        "2017年1月1日起施行",
        "逾期2天以上，每件扣1分。",
        "<dt>应当</dt><dd>2天内</dd>",
        "<dt>实际</dt><dd>晚3天</dd>",
        "<dt>逾期天数</dt><dd>3</dd>",
        "<dt>怎样才符合</dt><dd>不晚于2天</dd>",
        "条款分值 -1",
        f"/people/{cast.person('member').pk}/",
    ):
        assert words in page, words
    assert "/withdraw/" not in page, "a leader reads and does not decide"
    assert cast.client("outsider").get(found["a"].get_absolute_url()).status_code == 404
    assert cast.client("secretary").get(found["a"].get_absolute_url()).status_code == 403


def test_its_history_leads_from_one_to_the_next(cast, found):
    LATE["a"] = (D(2018, 1, 5), 6)
    judge(cast)
    now = Finding.objects.live().get(occurrence="a")
    page = cast.client("officer").get(now.get_absolute_url())
    assert [one.pk for one in page.context["history"]] == [now.pk, found["a"].pk]
    assert "被新的发现替代" in page.content.decode()
    old = cast.client("officer").get(found["a"].get_absolute_url()).content.decode()
    assert "被新的发现替代：" in old
    assert "晚3天" in old


def test_a_finding_is_withdrawn_with_a_reason_by_somebody_whom_it_does_not_concern(cast, found):
    address = f"{found['a'].get_absolute_url()}withdraw/"
    officer = cast.client("officer")
    assert officer.get(address).status_code == 200
    assert officer.post(address, {"because": " "}).status_code == 422
    assert cast.client("leader").post(address, {"because": "不实"}).status_code == 403
    assert cast.client("outsider").post(address, {"because": "不实"}).status_code == 404
    assert officer.post(address, {"because": "当日因公外出"}).status_code == 302
    page = officer.get(found["a"].get_absolute_url()).content.decode()
    assert "经决定撤销" in page
    assert "当日因公外出" in page
    again = officer.post(address, {"because": "再次"})
    assert again.status_code == 422
    assert "没有再次撤销" in again.content.decode()
    assert "a" not in listed(officer)
    assert listed(officer, status=FindingStatus.WITHDRAWN) == {"a"}


def test_nobody_withdraws_what_concerns_themselves(cast, found):
    LATE["own"] = (D(2018, 1, 8), 4)
    OF["own"] = {"person_id": cast.person("inspector").pk}
    judge(cast)
    own = Finding.objects.live().get(occurrence="own")
    client = cast.client("inspector")
    assert "withdraw" not in client.get(own.get_absolute_url()).content.decode()
    page = client.post(f"{own.get_absolute_url()}withdraw/", {"because": "不实"})
    assert page.status_code == 422
    assert "涉及您本人" in page.content.decode()
    withdraw_finding(finding=own, because="不实", by=cast.actor("officer"))


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_do_not_grow(cast, clause, django_assert_num_queries, rows):
    LATE.update({f"k{number}": (D(2018, 1, 5 + number), 5) for number in range(rows)})
    OF.update({f"k{number}": {"unit_id": cast.first.pk} for number in range(rows)})
    judge(cast)
    client = cast.client("officer")
    with django_assert_num_queries(10):
        assert len(client.get(LIST).context["page_of_findings"]) == rows
    for late in range(6, 6 + rows):
        LATE["k0"] = (D(2018, 1, 5), late)
        judge(cast)
    one = Finding.objects.live().get(occurrence="k0")
    with django_assert_num_queries(9):
        assert len(client.get(one.get_absolute_url()).context["history"]) == rows + 1


def test_evidence_is_said_in_chinese_and_without_keys():
    facts = {
        "due_on": "2018-02-08",
        "held": [["2018-02-01", "0190a1b2-0000-7000-8000-000000000000"]],
        "gathering": "0190a1b2-0000-7000-8000-000000000000",
        "is_late": True,
        "papers": {"2018": "国办发明电〔2017〕12号"},
        "done_on": None,
    }
    assert say_evidence("none", facts) == [
        ("截止日期", "2018年2月8日"),
        ("已开展", "2018年2月1日"),
        ("放假通知", "2018 国办发明电〔2017〕12号"),
        ("完成日期", "—"),
    ]


def test_every_fact_that_a_kind_keeps_has_a_chinese_name():
    """Keys of the dictionaries that are called `evidence` in any kind; keys of rows are never shown."""
    known = {*EVIDENCE_WORDS, "gathering", "resolution", "complaint", "correction"}
    for kind in all_kinds():
        known |= set(kind.evidence_words)
    kept = set()
    for path in Path(qizhi.__file__).parent.glob("*/kinds*"):
        for file in [path] if path.is_file() else path.glob("*.py"):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if ast.unparse(_target(node)) == "evidence":
                    kept |= {key for part in ast.walk(node) for key in literal_keys(part)}
    assert len(kept) > 10
    assert kept - known == set()


def _target(node):
    """What is set: `evidence = …`, `evidence: dict = …`, `evidence |= …` or `evidence["x"] = …`."""
    if isinstance(node, ast.Assign):
        return getattr(node.targets[0], "value", node.targets[0])
    return node.target if isinstance(node, ast.AnnAssign | ast.AugAssign) else ast.Pass()


def literal_keys(node):
    if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store):
        return [node.slice.value] if isinstance(node.slice, ast.Constant) else []
    keys = node.keys if isinstance(node, ast.Dict) else []
    return [key.value for key in keys if isinstance(key, ast.Constant) and isinstance(key.value, str)]
