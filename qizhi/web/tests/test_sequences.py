"""Random sequences of facts, corrections, runs, decisions and appeals, by the services: what must hold, holds."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from contextlib import contextmanager, suppress
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from qizhi.conduct.enums import CaseStatus
from qizhi.conduct.models import Case, PointsEntry
from qizhi.conduct.queries.points import sheet_of
from qizhi.core import clock
from qizhi.core.errors import Refused
from qizhi.core.periods import Period
from qizhi.regulations.enums import FindingStatus
from qizhi.regulations.models import Finding
from qizhi.web.stories.expecting import ALWAYS
from qizhi.web.stories.finding import live, waiting, words_of_finding
from qizhi.web.stories.playing import ACTS
from qizhi.web.stories.reading import Step, Story
from qizhi.web.stories.stage import StoryError, set_stage
from qizhi.web.stories.words import VERBS

pytestmark = pytest.mark.django_db
D = dt.date
# Each example is a bureau's quarter: a failing one is told as it is found, to shrink it takes minutes.
FEW = settings(
    max_examples=5,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
CLAUSES = (
    ("procedure", {"statement_days": 5, "appeal_days": 10}, 0, "person"),
    ("deadline", {"register": "documents", "grace": 2}, -1, "person"),
    ("quota", {"counts": "congress", "every": "quarter", "at_least": 1}, 0, "branch"),
    ("missing_item", {"item": "lesson", "every": "month", "at_least": 1}, 0, "person"),
    ("ratio", {"item": "lesson", "every": "month", "share": "4/5"}, 0, "branch"),
)
RULES = {
    "代码": "own",
    "名称": "自拟规定",
    "发文机关": "局",
    "层级": "bureau",
    "状态": "L",
    "版本": [
        {
            "名称": "试行",
            "施行": "2016-01-01",
            "状态": "L",
            "条款": [
                {
                    "代码": kind,
                    "大意": kind,
                    "判定": kind,
                    "参数": parameters,
                    "状态": "L",
                    "分值": points,
                    "对象": subject,
                }
                for kind, parameters, points, subject in CLAUSES
            ],
        }
    ],
}
SPAN = Period(D(2018, 1, 1), D(2018, 3, 31))
MONTHS = [Period(D(2018, month, 1), D(2018, month, last)) for month, last in ((1, 31), (2, 28), (3, 31))]


class Office:
    """Does steps on a day that only goes on; what is refused is refused, and nothing else happens."""

    def __init__(self):
        story = Story("任意", (Step("", D(2018, 1, 2), "核算", SPAN, {}, {}),))
        self.day = D(2018, 4, 2)
        with clock.at(self.day):
            self.stage = set_stage(RULES, story)

    def do(self, verb, subject, **details):
        """One step; True where it was done."""
        assert set(details) <= set(VERBS[verb].details), verb
        with clock.at(self.day), suppress(Refused, StoryError), transaction.atomic():
            ACTS[verb](self.stage, Step("", self.day, verb, subject, details, {}))
            return True
        return False

    def standing(self):
        """What stands and what is proposed, as people read it."""
        found = Counter((*words_of_finding(self.stage, row), row.sentence) for row in live(self.stage))
        return found, Counter(said for said, _ in waiting(self.stage))

    def run(self, *spans):
        for span in spans:
            assert self.do("核算", span)


@contextmanager
def tried():
    """What is done inside is undone at the end."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


HELD = st.tuples(
    st.sampled_from(["一支部", "二支部"]),
    st.sampled_from(["支部党员大会", "党课"]),
    st.dates(D(2018, 1, 1), D(2018, 3, 31)),
    st.sets(st.sampled_from(["甲", "乙"]), max_size=1),
    st.booleans(),
)
HISTORY = st.lists(HELD, min_size=1, max_size=5, unique_by=lambda one: one[:3])


def enter(office, history):
    for number, (unit, kind, day, absent, is_withdrawn) in history:
        mine = tuple(absent) if unit == "一支部" else ()
        assert office.do("登记活动", f"第{number}次", 组织=unit, 类型=(kind,), 举行=day, 缺席=mine)
        if is_withdrawn:
            assert office.do("撤销活动", f"第{number}次")


@FEW
@given(history=HISTORY, data=st.data())
def test_a_history_of_branches_is_judged_whatever_the_order_of_entry(db, history, data):
    with tried():
        office, named = Office(), list(enumerate(history))
        shuffled = data.draw(st.permutations(named), label="order of entry")
        with tried():
            enter(office, shuffled)
            office.run(SPAN)
            other = office.standing()
        office.stage.gatherings.clear()
        enter(office, named)
        office.run(SPAN)
        before = office.standing()
        assert before == other, "the order of entry does not matter"
        office.run(SPAN)
        assert office.stage.counts.keys() <= {"untouched", "proposed"}, "a run twice changes nothing"
        standing = [number for number, one in named if not one[-1]]
        if not standing:
            return
        number = data.draw(st.sampled_from(standing), label="which is moved")
        moved = data.draw(st.dates(D(2018, 1, 1), D(2018, 4, 2)), label="where to")
        assert office.do("更正活动", f"第{number}次", 举行=moved)
        office.run(*data.draw(st.permutations(MONTHS), label="order of runs"))
        assert office.do("更正活动", f"第{number}次", 举行=history[number][2])
        office.run(*data.draw(st.permutations(MONTHS), label="order of runs"))
        assert office.standing() == before, "moving a date and back restores everything"


PEOPLE = ("甲", "乙")
MOVES = (
    *(
        "register",
        "finish",
        "move",
        "run",
        "run",
        "calendar",
        "withdraw",
        "settle",
        "open",
        "accept",
        "set aside",
    ),
    *("draft", "notify", "state", "confirm", "clear", "appeal", "admit", "uphold", "cancel", "final"),
)
SEQUENCE = st.lists(
    st.tuples(st.sampled_from(MOVES), st.sampled_from(PEOPLE), st.integers(0, 12), st.integers(0, 9)),
    min_size=6,
    max_size=16,
)
# The way of a case to its last word, so that most sequences come that far.
HEARD = (
    *(("register", 0, 9), ("run", 0, 1), ("draft", 0, 0), ("notify", 0, 0), ("confirm", 10, 0)),
    *(("appeal", 1, 0),),
)


def take(office, move, who, number):
    """One move of a sequence as steps of the office."""
    case, month = f"deadline {who}", MONTHS[number % 3]
    due = D(2018, 2, 8) if who == "甲" else D(2018, 3, 1)
    late = due + dt.timedelta(days=number + 1)
    moves = {
        "register": lambda: office.do(
            "登记公文", f"{who}的来文", 收到=D(2018, 1, 30), 期限=due, 承办=who, 办结=late
        ),
        "finish": lambda: office.do("更正公文", f"{who}的来文", 办结=late),
        "move": lambda: office.do(
            "更正公文", f"{who}的来文", 期限=D(2018, 2, 8) + dt.timedelta(days=3 * number)
        ),
        "run": lambda: office.do("核算", SPAN if number % 2 else month),
        "calendar": lambda: office.do(
            "更正通知", 2018, **{"休息" if number % 2 else "上班": (D(2018, 2, 11),)}
        ),
        "withdraw": lambda: office.do("撤销发现", case),
        "settle": lambda: office.do("结账", month),
        "open": lambda: office.do("取消结账", month),
        "accept": lambda: office.do("采纳建议", case),
        "set aside": lambda: office.do("不采纳建议", case),
        "draft": lambda: office.do("立案", case),
        "notify": lambda: office.do("告知", case),
        "state": lambda: office.do("陈述", case),
        "confirm": lambda: office.do("决定", case, 结论="确认"),
        "clear": lambda: office.do("决定", case, 结论="撤销"),
        "appeal": lambda: office.do("申诉", case),
        "admit": lambda: office.do("逾期申诉", case, 结论="受理" if number % 2 else "不受理"),
        "uphold": lambda: office.do("复核", case, 结论="维持"),
        "cancel": lambda: office.do("复核", case, 结论="撤销"),
        "final": lambda: office.do("生效", case),
    }
    return moves[move]()


def check(office, ended):
    """What must hold after each step, whatever was tried."""
    rows = list(Finding.objects.filter(bureau=office.stage.bureau))
    standing = Counter(row.slot for row in rows if row.status == FindingStatus.LIVE)
    assert set(standing.values()) <= {1}, "one of a clause, subject, period and occurrence"
    withdrawn = {row.slot for row in rows if row.status == FindingStatus.WITHDRAWN}
    assert not withdrawn & set(standing), "none revives that a person has withdrawn"
    for row in rows:
        if row.status != FindingStatus.LIVE:
            assert ended.setdefault(row.pk, row.status) == row.status, "what has ended stays ended"
        else:
            assert row.pk not in ended
    live_now = [row for row in rows if row.status == FindingStatus.LIVE and row.occurrence]
    facts = Counter((row.person_id, row.occurrence) for row in live_now)
    assert set(facts.values()) <= {1}, "a document is found once, whatever its last day was"
    cases = Case.objects.filter(bureau=office.stage.bureau).exclude(status=CaseStatus.DROPPED)
    of_fact = Counter((case.person_id, case.finding.occurrence) for case in cases.select_related("finding"))
    assert set(of_fact.values()) <= {1}, "one fact makes one case"
    cleared = {
        (case.person_id, case.finding.occurrence) for case in cases if case.status == CaseStatus.CLEARED
    }
    costly = {(row.person_id, row.occurrence) for row in live_now if row.points}
    assert not cleared & costly, "of what somebody was cleared nothing stands that costs points"
    entries = PointsEntry.objects.filter(bureau=office.stage.bureau)
    for case in Case.objects.filter(bureau=office.stage.bureau):
        of_case = sum((one.points for one in entries if one.case_id == case.pk), Decimal(0))
        assert of_case == (case.final_points if case.status == CaseStatus.FINAL else 0)
        if case.status == CaseStatus.CLEARED and case.finding_id:
            assert case.finding.status != FindingStatus.LIVE, "who is cleared is found no more"
    for name in PEOPLE:
        person = office.stage.people[name]
        ledger = sum((one.points for one in entries if one.person_id == person.pk), Decimal(0))
        assert sheet_of(person, ALWAYS).score.total == ledger, "the score is the sum of the ledger"


@FEW
@given(moves=SEQUENCE, is_heard=st.booleans(), data=st.data())
def test_whatever_happens_the_invariants_hold(db, moves, is_heard, data):
    with tried():
        office = Office()
        ended: dict[object, str] = {}
        before = [(move, "甲", days, number) for move, days, number in HEARD] if is_heard else []
        for move, who, days, number in [*before, *moves]:
            office.day += dt.timedelta(days=days)
            take(office, move, who, number)
            check(office, ended)
        if is_heard:
            assert Case.objects.filter(bureau=office.stage.bureau).exists()
        orders = []
        for spans in ([SPAN], data.draw(st.permutations(MONTHS), label="order of runs")):
            with tried():
                office.run(*spans)
                orders.append(office.standing())
                office.run(SPAN)
                assert office.stage.counts.keys() <= {"untouched", "left", "proposed"}
                assert office.standing() == orders[-1], "a run twice changes nothing"
        assert orders[0] == orders[1], "the order of runs does not matter"
