"""Every figure a hand-computed example; the kind quota from rows to a sentence."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest

from qizhi.branch_life.models import WorkingMethod
from qizhi.core import figures, periods
from qizhi.core.figures import NOTHING, Ask, Value, count_value
from qizhi.regulations.enums import Verdict
from qizhi.regulations.kinds import kind_by_key
from qizhi.regulations.models import Clause

D = dt.date
Q1 = periods.quarter_of(D(2018, 1, 1))


def figure(key):
    found = figures.get(f"branch_life.{key}")
    assert found is not None
    return found


def ask(cast, period=Q1, unit=None):
    return Ask(cast.bureau.pk, period, D(2018, 4, 20), None if unit is None else (unit.pk,))


@pytest.fixture
def quarter(cast, rules, hold):
    """First quarter. First branch: congress, 3 committee and 3 group meetings owed, 1+1+3 done; second: 1, 0."""
    hold(cast.first, D(2018, 1, 8), "congress", "committee")
    for month in (1, 2, 3):
        hold(cast.group, D(2018, month, 9), "group-meeting")


def test_missing_and_done_by_hand(cast, quarter):
    missing, share = figure("missing"), figure("done_share")
    assert missing.value(ask(cast)) == Value(Fraction(3), 3, 8)
    assert missing.counted_from_rows(ask(cast)) == 3
    assert share.value(ask(cast)) == Value(Fraction(5, 8), 5, 8)
    assert share.counted_from_rows(ask(cast)) == 5
    assert missing.by_unit(ask(cast)) == {cast.first.pk: count_value(2, 7), cast.second.pk: count_value(1, 1)}
    assert share.by_unit(ask(cast)) == {
        cast.first.pk: Value(Fraction(5, 7), 5, 7),
        cast.second.pk: Value(Fraction(0), 0, 1),
    }
    assert share.value(ask(cast, unit=cast.second)).amount == 0
    assert share.counted_from_rows(ask(cast, unit=cast.second)) == 0
    row = missing.rows(ask(cast)).first()
    assert [column.get(row) for column in missing.columns] == ["第一党支部", 7, 5, 2]
    assert missing.link(row) == f"/branch-life/units/{cast.first.pk}/"


def test_nothing_owed_is_not_zero(cast, quarter):
    ahead = ask(cast, periods.quarter_of(D(2018, 7, 1)))
    assert figure("missing").value(ahead) == figure("done_share").value(ahead) == NOTHING
    assert figure("missing").counted_from_rows(ahead) == 0
    running = ask(cast, periods.year(2018))
    assert figure("missing").value(running) == Value(Fraction(3), 3, 8)


def test_branches_with_a_method_are_counted_once(cast, april):
    """F08: distinct branches with an active method on a date."""

    def method(unit, name, from_on, to_on=None):
        WorkingMethod.objects.create(bureau=cast.bureau, unit=unit, name=name, from_on=from_on, to_on=to_on)

    method(cast.first, "五有工作法", D(2017, 1, 1))
    method(cast.first, "另一个工作法", D(2017, 6, 1))
    method(cast.second, "旧工作法", D(2016, 1, 1), D(2018, 4, 19))
    methods = figure("active_methods")
    to_date = ask(cast, figures.span_period(methods.span, year=2018, as_of=D(2018, 4, 20)))
    assert methods.value(to_date) == count_value(1)
    assert methods.counted_from_rows(to_date) == 1
    row = methods.rows(to_date).get()
    assert [column.get(row) for column in methods.columns] == ["第一党支部", "五有工作法、另一个工作法"]
    assert methods.value(ask(cast, periods.year(2017))) == count_value(2)
    assert methods.value(ask(cast, periods.year(2016))) == count_value(1)
    assert methods.by_unit(to_date) == {cast.first.pk: count_value(1), cast.second.pk: count_value(0)}
    later = ask(cast, periods.year(2019))
    assert methods.value(later) == NOTHING
    assert methods.counted_from_rows(later) == 0


def test_quota_finds_what_is_violated_and_says_why(cast, quarter):
    kind = kind_by_key("quota")
    assert kind is not None
    clause = Clause.objects.get(key="committee")
    facts = list(kind.scan(clause, ask(cast)))
    assert [(fact.unit, fact.period.label, fact.counted) for fact in facts] == [
        ("第一党支部", "2018年2月", 0),
        ("第一党支部", "2018年3月", 0),
    ]
    judged = kind.judge(kind.read(clause.parameters), facts[0])
    assert judged.verdict is Verdict.VIOLATED
    assert judged.evidence == {"period": "2018年2月", "held": []}
    assert kind.sentence(clause, facts[0], judged) == (
        "第一党支部2018年2月：应每月至少1次支部委员会会议，已开展0次，缺1次。依据《committee制度》第一条。"
    )
    assert list(kind.scan(Clause.objects.get(key="group"), ask(cast))) == []
    assert [fact.unit for fact in kind.scan(Clause.objects.get(key="congress"), ask(cast))] == ["第二党支部"]
    assert list(kind.scan(clause, ask(cast, unit=cast.second))) == []


def test_quota_judges_plain_facts(cast, quarter):
    kind = kind_by_key("quota")
    assert kind is not None
    clause = Clause.objects.get(key="committee")
    parameters = kind.read(clause.parameters)
    fact = next(iter(kind.scan(clause, ask(cast))))
    met = kind.judge(parameters, fact.__class__(**{**fact.__dict__, "counted": 1}))
    assert (met.verdict, met.actual) == (Verdict.MET, "已开展1次")
    gap = kind.judge(parameters, fact.__class__(**{**fact.__dict__, "gap": "系统中没有记录"}))
    assert (gap.verdict, gap.actual) == (Verdict.UNKNOWN, "系统中没有记录")


def test_quota_lists_what_is_unknown(cast, rules, hold):
    hold(cast.first, D(2018, 2, 8), "congress", "committee")
    kind = kind_by_key("quota")
    assert kind is not None
    facts = list(kind.scan(Clause.objects.get(key="committee"), ask(cast)))
    assert [(fact.period.label, fact.gap) for fact in facts] == [
        ("2018年1月", "系统自2018年2月8日起才有记录"),
        ("2018年3月", ""),
    ]
