"""Plans held against what was held; people's word; the figures."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from fractions import Fraction

import pytest

from qizhi.core import audit, clock, figures, periods
from qizhi.core.errors import Refused
from qizhi.core.figures import Ask, Value
from qizhi.gatherings.enums import Ledger
from qizhi.gatherings.services import correct_gathering, facts_of, withdraw_gathering
from qizhi.study.models import PlanMatch
from qizhi.study.queries.plans import compare
from qizhi.study.rules.plans import Basis, Progress
from qizhi.study.services.plans import link_item, unlink_item
from qizhi.tasks.enums import Deed
from qizhi.tasks.services import cancel_item

D = dt.date
DONE, DUE, MISSING, CANCELLED = Progress.DONE, Progress.DUE, Progress.MISSING, Progress.CANCELLED


def look(plan, as_of=None):
    return compare([plan], as_of or clock.today())[plan.pk]


def states(plan, as_of=None):
    return [line.progress for line in look(plan, as_of).lines]


def test_the_words_of_deeds_are_those_of_the_ledgers():
    assert Deed.choices == Ledger.choices


def test_a_year_of_the_centre_group(cast, centre_plan, hold):
    january = hold(cast.centre_group, D(2018, 1, 8), "centre-study", title="十九大报告专题学习")
    both = hold(cast.centre_group, D(2018, 3, 12), "centre-study", "centre-discussion", title="党章")
    extra = hold(cast.centre_group, D(2018, 3, 26), "centre-discussion", title="作风建设交流")
    hold(cast.first, D(2018, 3, 1), "theme-day", title="学习新党章")
    found = look(centre_plan)
    assert [line.progress for line in found.lines] == [DONE, CANCELLED, DONE, DONE, DUE]
    assert [line.gathering for line in found.lines] == [january, None, both, extra, None]
    assert [line.basis for line in found.lines] == [Basis.TOPIC, None, Basis.TOPIC, Basis.TOPIC, None]
    assert (found.planned, found.done, found.missing, found.due, found.cancelled) == (4, 3, 0, 1, 1)
    assert found.extra == ()
    assert states(centre_plan, D(2018, 3, 20)) == [DONE, CANCELLED, DONE, DONE, DUE]


def test_a_moved_gathering_takes_its_match_along_and_back(cast, branch_plan, hold):
    lesson = hold(cast.first, D(2018, 2, 6), "lesson", title="学习党章")
    assert states(branch_plan) == [DONE, DUE]
    assert look(branch_plan).extra == ()
    by, facts = cast.actor("secretary"), facts_of([lesson])[lesson.pk]

    def move(day):
        lesson.refresh_from_db()
        correct_gathering(lesson, facts=replace(facts, held_on=day), by=by)

    move(D(2018, 3, 6))
    assert states(branch_plan) == [MISSING, DUE]
    assert look(branch_plan).extra == (lesson,)
    move(D(2018, 2, 6))
    assert states(branch_plan) == [DONE, DUE]
    lesson.refresh_from_db()
    withdraw_gathering(lesson, reason="重复登记", by=by)
    assert states(branch_plan) == [MISSING, DUE]


def test_a_person_links_over_months_and_takes_it_back(cast, branch_plan, hold):
    march = hold(cast.first, D(2018, 3, 6), "theme-day", title="学习党章")
    item, by = branch_plan.items.first(), cast.actor("secretary")
    assert states(branch_plan) == [MISSING, DUE]
    link_item(item, march, by=by)
    line = look(branch_plan).lines[0]
    assert (line.progress, line.gathering, line.basis) == (DONE, march, Basis.PERSON)
    link_item(item, march, by=by)
    assert PlanMatch.objects.count() == 1
    unlink_item(item, march, by=by)
    assert states(branch_plan) == [MISSING, DUE]
    verbs = [event.verb for event in audit.history(PlanMatch.objects.get())]
    assert verbs == ["study.unlink_item", "study.link_item"]


def test_a_rejected_automatic_match_stays_away_and_another_link_replaces_the_first(cast, branch_plan, hold):
    one = hold(cast.first, D(2018, 2, 6), "theme-day", title="学习党章")
    two = hold(cast.first, D(2018, 2, 20), "congress", title="换届")
    item, by = branch_plan.items.first(), cast.actor("secretary")
    assert look(branch_plan).lines[0].gathering == one
    unlink_item(item, one, by=by)
    assert states(branch_plan)[0] is MISSING
    link_item(item, two, by=by)
    assert look(branch_plan).lines[0].gathering == two
    link_item(item, one, by=by)
    assert look(branch_plan).lines[0].gathering == one
    assert PlanMatch.objects.filter(is_rejected=False).count() == 1


def test_what_cannot_be_linked_is_refused(cast, branch_plan, hold):
    item, by = branch_plan.items.first(), cast.actor("officer")
    elsewhere = hold(cast.second, D(2018, 2, 6), "theme-day", title="学习党章")
    with pytest.raises(Refused, match="不是第一党支部的有效活动"):
        link_item(item, elsewhere, by=by)
    here = hold(cast.first, D(2018, 2, 6), "theme-day", title="学习党章")
    cancel_item(item, because="推迟", by=by)
    with pytest.raises(Refused, match="已取消（推迟）"):
        link_item(item, here, by=by)


def ask(cast, unit=None, period=None):
    return Ask(
        cast.bureau.pk, period or periods.year(2018), clock.today(), None if unit is None else (unit.pk,)
    )


def figure(key):
    found = figures.get(key)
    assert found is not None
    return found


def test_figures_by_hand(cast, centre_plan, branch_plan, hold):
    """Planned 4 + 2; over or done: January, March twice, February of the branch; done: one in each plan."""
    hold(cast.centre_group, D(2018, 1, 8), "centre-study", title="十九大报告专题学习")
    hold(cast.first, D(2018, 2, 6), "lesson", title="学习党章")
    items, share = figure("study.plan_items"), figure("study.plan_done_share")
    assert items.value(ask(cast)).counted == items.counted_from_rows(ask(cast)) == 6
    assert items.by_unit(ask(cast))[cast.centre_group.pk].counted == 4
    assert share.value(ask(cast)) == Value(Fraction(1, 2), 2, 4)
    assert share.counted_from_rows(ask(cast)) == 2
    assert share.value(ask(cast, cast.first)) == Value(Fraction(1), 1, 1)
    assert share.by_unit(ask(cast))[cast.centre_group.pk] == Value(Fraction(1, 3), 1, 3)
    nothing = ask(cast, cast.second)
    assert share.value(nothing).amount is None
    assert (share.by_unit(nothing), share.counted_from_rows(nothing)) == (
        {cast.second.pk: figures.NOTHING},
        0,
    )
    quarter = ask(cast, period=periods.quarter_of(D(2018, 4, 1)))
    assert items.value(quarter).counted == 2
    assert share.value(quarter).amount is None
    row = share.rows(ask(cast)).get(plan=branch_plan)
    assert [column.get(row) for column in share.columns] == ["第一党支部", "2018年2月", "学习党章", ""]


@pytest.mark.parametrize("number", [1, 3])
def test_queries_do_not_grow(cast, both_plans, hold, number, django_assert_num_queries):
    for day in range(1, number + 1):
        hold(cast.first, D(2018, 2, day), "lesson", title="学习党章")
        hold(cast.centre_group, D(2018, 3, day), "centre-study", title="学习新党章")
    with django_assert_num_queries(6):
        figure("study.plan_done_share").value(ask(cast))
