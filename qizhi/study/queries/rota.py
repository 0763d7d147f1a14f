"""The rota of micro lessons of a branch: who spoke last, who is planned, whose turn it is."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Q

from qizhi.core.values import dataclass
from qizhi.gatherings.enums import Capacity, Ledger
from qizhi.gatherings.models import Lecturer
from qizhi.gatherings.rules import capacity_of
from qizhi.org.models import Leave, Membership, Person, Post
from qizhi.study.rules.plans import Progress
from qizhi.study.rules.rota import next_up
from qizhi.tasks.models import Plan, PlanItem

OPEN = frozenset({Progress.DUE, Progress.MISSING})


@dataclass(frozen=True)
class Rota:
    """The rota of a branch.

    Attributes:
        last: the lesson that an ordinary member gave last; None where nobody has.
        planned: items of the plan in which somebody is to speak, and that are still to come.
        turn: whose turn it is, in the order of the roll; those away today and those planned are left out.
        others: those left out.
    """

    last: Lecturer | None
    planned: list[PlanItem]
    turn: list[Person]
    others: list[Person]


def rota_of(plan: Plan, open_items: Iterable[PlanItem], day: dt.date) -> Rota:
    """The rota of the plan's branch on a day; four queries.

    Who leads or is secretary gives lessons by duty and stands in no rota.

    Args:
        plan: a study plan of a branch.
        open_items: its items that are still to be carried out.
        day: today.
    """
    members = Membership.objects.on(day).filter(bureau_id=plan.bureau_id, unit_id=plan.unit_id)
    people = {
        row.person_id: row.person for row in members.select_related("person").order_by("person__staff_no")
    }
    roles: dict[object, set[str]] = defaultdict(set)
    posts = Post.objects.on(day).filter(bureau_id=plan.bureau_id, person_id__in=people)
    for person_id, role in posts.order_by().values_list("person_id", "role"):
        roles[person_id].add(role)
    order = [key for key in people if capacity_of(roles[key]) == Capacity.MEMBER]
    here = Q(gathering__unit_id=plan.unit_id) | Q(gathering__unit__parent_id=plan.unit_id)
    given = Lecturer.objects.filter(
        here,
        bureau_id=plan.bureau_id,
        capacity=Capacity.MEMBER,
        person_id__in=order,
        gathering__withdrawn_at__isnull=True,
        gathering__held_on__lte=day,
        gathering__ledger_entries__ledger=Ledger.LESSON,
    )
    last = given.select_related("person", "gathering").order_by("-gathering__held_on", "-pk").first()
    planned = [item for item in open_items if item.lead_id and item.ledger == Ledger.LESSON]
    away = Leave.objects.on(day).filter(bureau_id=plan.bureau_id, person_id__in=order)
    skipped = {*away.order_by().values_list("person_id", flat=True), *(item.lead_id for item in planned)}
    turn = next_up(order, last.person_id if last else None, skipped)
    others = [people[key] for key in order if key in skipped]
    return Rota(last, planned, [people[key] for key in turn], others)
