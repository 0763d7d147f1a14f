"""What the form of a gathering starts with: an address, a template, or a gathering like it.

`record/?unit=<id>&held_on=2018-01-05&kind=congress&kind=lesson` and so on; `ledger=theme_day` chooses the
kind that counts for that ledger and for the fewest others, `month=2018-01` a month, `vote=election` opens the
votes with one of that sort, `template=<id>` and `copy=<id>` a whole gathering; `held_on=` leaves the day
empty, where only the person knows it. What cannot be read is left out: a link from elsewhere never fails.
"""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import replace
from typing import Any

from django.http import Http404, QueryDict

from qizhi.core import clock
from qizhi.core.ids import read_key
from qizhi.core.permissions import Actor
from qizhi.gatherings.enums import DatePrecision, RollState, Threshold, VisitorRole
from qizhi.gatherings.models import Kind, Template
from qizhi.gatherings.permissions import RECORD, gathering_for, template_for
from qizhi.gatherings.queries.desk import Shelf
from qizhi.gatherings.rules import fill_placeholders
from qizhi.gatherings.services import GatheringFacts, facts_of
from qizhi.org.models import Unit
from qizhi.regulations.queries import calendar_for
from qizhi.regulations.rules import UnknownCalendarError, occurrences

LOOK_BACK = dt.timedelta(days=62)
_OF_THE_DAY = ("due_total", "present_total", "topics", "capacities")
_PLAIN = ("title", "topics", "starts_at", "place", "hours", "held_on", "month", "lecturers", "auditors")


def prefilled(asked: QueryDict, actor: Actor, shelf: Shelf) -> dict[str, Any]:
    """The initial values of a new gathering."""
    today = clock.today()
    own = shelf.own_unit(actor, today)
    day = asked.get("held_on", today) or None
    initial: dict[str, Any] = {"unit": str(own.pk) if own else "", "held_on": day, "kinds": []}
    if (key := read_key(asked.get("copy", ""))) is not None:
        initial |= _copied(actor, key)
    if (key := read_key(asked.get("template", ""))) is not None:
        initial |= _from_template(actor, shelf, key, today)
    initial |= {name: asked[name] for name in _PLAIN if asked.get(name)}
    if shelf.unit(asked.get("unit")):
        initial["unit"] = asked["unit"]
    if chosen := _kinds_asked(asked, shelf, shelf.unit(initial["unit"])):
        initial["kinds"] = [str(kind.pk) for kind in chosen]
    if asked.get("vote") in Threshold.values:
        initial["resolutions"] = [{"threshold": asked["vote"]}]
    series = [str(one.pk) for one in shelf.series if one.key == asked.get("series")]
    return initial | ({"series": series[0]} if series else {})


def _kinds_asked(asked: QueryDict, shelf: Shelf, unit: Unit | None) -> list[Kind]:
    """The kinds of an address; for a ledger the one that suits the unit and says least beside it."""
    usable = [kind for kind in shelf.kinds if kind.is_active]
    codes, ledger = set(asked.getlist("kind")), asked.get("ledger")
    if chosen := [kind for kind in usable if kind.key in codes]:
        return chosen
    counting = [kind for kind in usable if ledger in kind.ledgers]
    fitting = [kind for kind in counting if not kind.unit_kinds or (unit and unit.kind in kind.unit_kinds)]
    return sorted(fitting or counting, key=lambda kind: len(kind.ledgers))[:1]


def _copied(actor: Actor, key: uuid.UUID) -> dict[str, Any]:
    """A gathering like another one: without its day, its roll and what was said in it."""
    try:
        gathering = gathering_for(actor, RECORD, key)
    except Http404:
        return {}
    facts = facts_of([gathering])[key]
    initial = initial_of(facts)
    for name in ("held_on", "month", "roll", "typed", "resolutions", "minutes", *_OF_THE_DAY):
        initial.pop(name)
    if facts.title == replace(facts, title="").settled().title:
        initial["title"] = ""
    return initial


def _from_template(actor: Actor, shelf: Shelf, key: uuid.UUID, today: dt.date) -> dict[str, Any]:
    try:
        template = template_for(actor, RECORD, key)
    except Http404:
        return {}
    day = _latest(template, actor, today)
    initial: dict[str, Any] = {
        "held_on": day,
        "title": fill_placeholders(template.title, day),
        "kinds": [str(kind.pk) for kind in template.kinds.all()],
        "place": template.place,
        "topics": fill_placeholders(template.topics, day),
        "hours": template.hours or None,
        "series": str(template.series_id) if template.series_id else "",
    }
    fitting = [unit for unit in shelf.units if template.unit_kind in ("", unit.kind)]
    own = shelf.own_unit(actor, today)
    if own not in fitting and fitting:
        initial["unit"] = str(fitting[0].pk)
    return initial


def _latest(template: Template, actor: Actor, today: dt.date) -> dt.date:
    """The last day on which the template's rule fell; today if that is long ago or not known."""
    if not template.day_rule:
        return today
    try:
        days = occurrences(template.day_rule, today - LOOK_BACK, today, calendar_for(actor.bureau_id))
    except (UnknownCalendarError, ValueError):
        return today
    return days[-1] if days else today


def initial_of(facts: GatheringFacts) -> dict[str, Any]:
    """The form's values for a gathering that is known."""
    is_month = facts.precision == DatePrecision.MONTH
    plain = ("title", "starts_at", "place", "topics", "minutes", "hours", "due_total", "present_total")
    initial: dict[str, Any] = {name: getattr(facts, name) for name in plain}
    initial |= {
        "unit": str(facts.unit.pk),
        "held_on": None if is_month else facts.held_on,
        "month": f"{facts.held_on:%Y-%m}" if is_month else "",
        "kinds": [str(kind.pk) for kind in facts.kinds],
        "chair": _written(facts.chair, ""),
        "series": str(facts.series.pk) if facts.series else "",
        "lecturers": "、".join(_written(one.person, one.guest_name) for one in facts.lecturers),
        "capacities": {
            (one.person.pk if one.person else one.guest_name): one.capacity for one in facts.lecturers
        },
        "roll": {one.person.pk: one for one in facts.roll},
        "resolutions": [vars(one) | {"person": _written(one.person, "")} for one in facts.resolutions],
    }
    for name, role in (("auditors", VisitorRole.AUDITOR), ("guests", VisitorRole.GUEST)):
        visitors = [one for one in facts.visitors if one.role == role]
        initial[name] = "、".join(_written(one.person, one.guest_name) for one in visitors)
    initial["typed"] = typed_roll(facts)
    return initial


def typed_roll(facts: GatheringFacts) -> dict[str, str]:
    """Those away as names, for a roll that is not listed person by person."""
    return {
        f"{state}_names": "、".join(_written(one.person, "") for one in facts.roll if one.state == state)
        for state in RollState.values
    }


def _written(person: Any, guest_name: str) -> str:
    if person is None:
        return f"{guest_name}(外单位)" if guest_name else ""
    return f"{person.name}({person.staff_no})"
