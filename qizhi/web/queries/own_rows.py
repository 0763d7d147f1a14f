"""Every row that says something of a person, table by table: to look at, and to take away.

Which tables these are is written down here, and a test fails when a new one names people and nobody has said
whether it is theirs.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Collection, Iterator
from functools import reduce
from operator import or_
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Q, QuerySet

from qizhi.conduct.permissions.cases import UNTOLD
from qizhi.core import clock
from qizhi.core.periods import say_day
from qizhi.core.values import dataclass
from qizhi.org.models import Person
from qizhi.regulations.enums import FindingStatus

# Table → the ways by which a row of it is about a person. Their order is that of the page.
OWN: dict[str, tuple[str, ...]] = {
    "org.RankTenure": ("person",),
    "org.Placement": ("person",),
    "org.Post": ("person",),
    "org.Membership": ("person",),
    "org.Leave": ("person",),
    "conduct.LeaveRequest": ("person",),
    "org.Account": ("person",),
    "gatherings.RollEntry": ("person",),
    "gatherings.Lecturer": ("person",),
    "gatherings.Visitor": ("person",),
    "gatherings.Resolution": ("person",),
    "gatherings.VotingExclusion": ("person",),
    "study.Completion": ("person",),
    "study.ReadingNotes": ("person",),
    "study.SelfTest": ("person",),
    "culture.Work": ("author",),
    "branch_life.Talk": ("one", "other"),
    "branch_life.Contact": ("person",),
    "conduct.Liaison": ("person",),
    "tasks.Duty": ("owner",),
    "tasks.Handling": ("person",),
    "tasks.Extension": ("asked_by",),
    "tasks.PlanItem": ("lead",),
    "tasks.DutyNote": ("person",),
    "regulations.Finding": ("person",),
    "conduct.Case": ("person",),
    "conduct.CaseStep": ("case__person",),
    "conduct.PointsEntry": ("person",),
    "conduct.MatterReport": ("person",),
    "conduct.PaperCheck": ("person",),
    "conduct.Correction": ("person",),
    "publishing.Complaint": ("sent_by",),
    "publishing.Reply": ("complaint__sent_by",),
    "conduct.PrintedCode": ("person",),
    "web.Feed": ("owner",),
}
# Done in office, or told to the person as a case: no record about whom it names.
OF_OFFICE = {
    "conduct.Bulletin.prepared_by",
    "conduct.Bulletin.approved_by",
    "conduct.Case.admitted_by",
    "conduct.Case.recorded_by",
    "conduct.Case.decided_by",
    "conduct.Case.reviewed_by",
    "conduct.CaseStep.by",
    "conduct.Correction.answered_by",
    "conduct.Inspection.led_by",
    "conduct.LeaveRequest.approver",
    "conduct.LeaveRequest.decided_by",
    "conduct.Observation.person",
    "conduct.Observation.seen_by",
    "conduct.PaperCheck.approved_by",
    "conduct.Referral.handed_by",
    "gatherings.Gathering.chair",
    "publishing.Reply.said_by",
    "tasks.DutyPart.approved_by",
    "tasks.Extension.decided_by",
}
# What the person was not told is no record yet; what was taken back leaves no trace.
ONLY = {
    "conduct.Case": ~Q(status__in=UNTOLD),
    "conduct.CaseStep": ~Q(case__status__in=UNTOLD) & ~Q(kind__in=("drafted", "dropped")),
    "regulations.Finding": Q(status=FindingStatus.LIVE),
    "gatherings.RollEntry": Q(gathering__withdrawn_at__isnull=True),
    "gatherings.Lecturer": Q(gathering__withdrawn_at__isnull=True),
    "gatherings.Visitor": Q(gathering__withdrawn_at__isnull=True),
    "gatherings.Resolution": Q(gathering__withdrawn_at__isnull=True),
    "branch_life.Talk": Q(withdrawn_at__isnull=True),
    "tasks.DutyNote": Q(withdrawn_because=""),
    "culture.Work": Q(withdrawn_because=""),
}
# Keys, fingerprints of secrets, and how rows hang together: they say nothing of a person.
_DUMB = {"id", "bureau", "password", "hash", "token_digest", "code_digest", "fingerprint", "slot", "run"}
_DUMB |= {"supersedes", "position", "chosen"}

_DAY = re.compile(r"\A\d{4}-\d\d-\d\d(?=\Z| \d\d:\d\d\Z)")


@dataclass(frozen=True)
class Part:
    """The rows of a table that are about a person.

    Attributes:
        key: name of the table.
        label: its Chinese name.
        headings: Chinese names of its columns.
        rows: their values in words.
    """

    key: str
    label: str
    headings: list[str]
    rows: list[list[str]]

    @property
    def said(self) -> list[list[str]]:
        """The values as people write them; `rows` has days as machines read them."""
        return [[_DAY.sub(_say_iso, value) for value in row] for row in self.rows]


def _say_iso(found: re.Match[str]) -> str:
    try:
        return say_day(dt.date.fromisoformat(found[0]))
    except ValueError:
        return found[0]


def parts_of(person: Person, without: Collection[str] = ()) -> list[Part]:
    """Every table that says something of the person, with what it says; one query a table.

    Args:
        person: about whom.
        without: tables that the page shows in a better way.
    """
    parts = [_part("org.Person", Person.objects.filter(pk=person.pk))]
    parts += [_part(key, _rows(key, person)) for key in OWN if key not in without]
    return [part for part in parts if part.rows]


def _rows(key: str, person: Person) -> QuerySet[Any]:
    model: Any = apps.get_model(key)
    about = reduce(or_, (Q(**{way: person}) for way in OWN[key]))
    rows: QuerySet[Any] = model._base_manager.filter(about, ONLY.get(key, Q()))
    if any(field.name == "bureau" for field in model._meta.concrete_fields):
        rows = rows.filter(bureau_id=person.bureau_id)
    return rows.order_by("pk").distinct()


def _part(key: str, rows: QuerySet[Any]) -> Part:
    model = rows.model
    own = {way for way in OWN.get(key, ()) if "__" not in way} if len(OWN.get(key, ())) == 1 else set()
    fields = [
        field for field in model._meta.concrete_fields if field.name not in _DUMB and field.name not in own
    ]
    linked = [field.name for field in fields if field.is_relation]
    found = rows.select_related(*linked) if linked else rows
    return Part(
        key,
        str(model._meta.verbose_name),
        [str(field.verbose_name) for field in fields],
        [[_say(row, field) for field in fields] for row in found],
    )


def _say(row: models.Model, field: Any) -> str:
    value = getattr(row, field.name)
    if value is None or value == "":
        return ""
    if field.choices:
        return str(getattr(row, f"get_{field.name}_display")())
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, dt.datetime):
        return f"{value.astimezone(clock.ZONE):%Y-%m-%d %H:%M}"
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False) if value else ""
    return str(value)


def as_dicts(parts: list[Part]) -> Iterator[tuple[str, list[dict[str, str]]]]:
    """The same for a file that machines read."""
    for part in parts:
        yield part.label, [dict(zip(part.headings, row, strict=True)) for row in part.rows]
