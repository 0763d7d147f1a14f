"""What stands in the calendars that the tests read."""

from __future__ import annotations

import datetime as dt

from qizhi.core import clock
from qizhi.core.tests.standing import left_standing
from qizhi.gatherings.models import Kind, Template
from qizhi.gatherings.services.facts import GatheringFacts
from qizhi.gatherings.services.records import record_gathering
from qizhi.gatherings.services.standard import load_standard_kinds
from qizhi.regulations.services.calendar import load_national_calendar
from qizhi.regulations.services.national import load_national_regulations
from qizhi.tasks.models import Plan, PlanItem

IN_FORCE = dt.date(2018, 12, 10)
"""A Monday after the regulations on branch work came into force."""
YEARS = range(2015, 2020)  # in which these tests play


@left_standing
def records(cast):
    """A lesson at nine in each branch, a theme day known to the month, a plan item, a prepared gathering."""
    officer = cast.actor("officer")
    load_standard_kinds(cast.bureau, by=officer)
    load_national_calendar(cast.bureau, by=officer, years=YEARS)
    load_national_regulations(cast.bureau, by=officer)
    kinds = {kind.key: kind for kind in Kind.objects.filter(bureau=cast.bureau)}
    made = {}
    with clock.at(IN_FORCE):
        for unit, who in ((cast.first, "secretary"), (cast.second, "neighbour")):
            facts = GatheringFacts(
                unit=unit,
                held_on=dt.date(2018, 12, 4),
                starts_at=dt.time(9),
                kinds=(kinds["lesson"],),
                title=f"{unit}党课",
                place="三楼",
                chair=cast.person(who),
            )
            made[who] = record_gathering(facts=facts, by=cast.actor(who))
        facts = GatheringFacts(
            unit=cast.first,
            held_on=dt.date(2018, 11, 1),
            precision="month",
            kinds=(kinds["theme-day"],),
            title="只知月份",
        )
        record_gathering(facts=facts, by=cast.actor("secretary"))
    plan = Plan.objects.create(
        bureau=cast.bureau, unit=cast.first, year=2018, purpose="branch_study", name="学习计划"
    )
    for month, topic in ((11, "过去的一项"), (12, "本月的一项")):
        PlanItem.objects.create(bureau=cast.bureau, plan=plan, month=month, topic=topic, ledger="theme_day")
    Template.objects.create(
        bureau=cast.bureau,
        name="月末主题党日",
        title="{月}月主题党日",
        unit_kind="branch",
        day_rule="last_weekday_of_month:friday",
    )
    return made
