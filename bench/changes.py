"""What a bureau writes every day, each as a person does it: what a page costs right after is counted then."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable
from typing import Any

Change = Callable[[], object]


def ordinary(secretary: str) -> dict[str, Change]:
    """Changes by name, each to be made again and again.

    Args:
        secretary: account of a branch secretary of the bureau.
    """
    from qizhi.org.models import Account  # noqa: PLC0415 - after django.setup()

    account = Account.objects.get(username=secretary)
    return {
        "gathering": recording(account),
        "leave": taking_leave(account.bureau_id),
        "document": finishing(account),
    }


def recording(account: Any) -> Change:
    """Record an ordinary gathering of the branch once more, under a new id."""
    from qizhi.core.ids import new_id  # noqa: PLC0415
    from qizhi.gatherings.models import Gathering  # noqa: PLC0415
    from qizhi.gatherings.permissions import RECORD  # noqa: PLC0415
    from qizhi.gatherings.services.facts import facts_of  # noqa: PLC0415
    from qizhi.gatherings.services.records import record_gathering  # noqa: PLC0415
    from qizhi.org.queries import actor_of  # noqa: PLC0415

    actor = actor_of(account)
    own = Gathering.objects.held().filter(actor.reach(RECORD).units(), unit__kind="branch")
    known = own.select_related("unit", "chair", "series").order_by("-held_on").first()
    if known is None:
        message = f"{account} has no gathering to record again"
        raise RuntimeError(message)
    told = facts_of([known])[known.pk]
    return lambda: record_gathering(facts=told, by=actor, id=new_id())


def taking_leave(bureau_id: Any) -> Change:
    """Register leave that was approved on paper, and take it back the next time."""
    from qizhi.conduct.models import LeaveRequest  # noqa: PLC0415
    from qizhi.conduct.queries.leave import approvals  # noqa: PLC0415
    from qizhi.conduct.services.leave import LeaveFact, Paper, cancel_leave, register_leave  # noqa: PLC0415
    from qizhi.core import clock  # noqa: PLC0415
    from qizhi.core.permissions import Actor  # noqa: PLC0415
    from qizhi.org.enums import LeaveKind  # noqa: PLC0415
    from qizhi.org.models import Person  # noqa: PLC0415

    today = clock.today()
    actor = Actor(account_id=None, label="bench", bureau_id=bureau_id)
    people = Person.objects.filter(bureau_id=bureau_id, left_on=None).order_by("pk")
    found = approvals(bureau_id, [person.pk for person in people], today)
    person = next(person for person in people if found[person.pk].people)
    first = today + dt.timedelta(days=300)
    fact = LeaveFact(LeaveKind.PERSONAL, first, first + dt.timedelta(days=1))
    paper = Paper(today, found[person.pk].people[0])
    taken: list[LeaveRequest] = []

    def change() -> None:
        if taken:
            cancel_leave(taken.pop(), by=actor)
        else:
            taken.append(register_leave(person=person, fact=fact, paper=paper, by=actor))

    return change


def finishing(account: Any) -> Change:
    """Say that a document is finished, and take that back the next time."""
    from qizhi.core import clock  # noqa: PLC0415
    from qizhi.org.queries import actor_of  # noqa: PLC0415
    from qizhi.tasks.models import Document  # noqa: PLC0415
    from qizhi.tasks.services.documents import finish_document, reopen_document  # noqa: PLC0415

    actor, today = actor_of(account), clock.today()
    document = Document.objects.filter(
        bureau_id=account.bureau_id, withdrawn_on=None, done_on=None, received_on__lte=today
    )[0]
    days = itertools.cycle((today, None))

    def change() -> None:
        day = next(days)
        if day:
            finish_document(document, on=day, by=actor)
        else:
            reopen_document(document, by=actor)

    return change
