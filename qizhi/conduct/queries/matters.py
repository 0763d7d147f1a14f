"""Who owes a report of personal matters, by rank on the day, and how each stands; never what it says."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Mapping
from fractions import Fraction
from typing import Any

from django.db.models import QuerySet

from qizhi.conduct.enums import CheckReason, ReportKind
from qizhi.conduct.models import MatterReport, PaperCheck
from qizhi.conduct.rules.registers import Standing, sample_size, standing
from qizhi.core.values import dataclass
from qizhi.org.enums import RANK_ORDER
from qizhi.org.models import Person, Placement, RankTenure
from qizhi.regulations.models import Clause
from qizhi.regulations.queries import clauses_during, clauses_in_force
from qizhi.regulations.rules import is_in_force

MATTERS = "personal_matters"
"""Key of the kind of clause that says who reports until when."""


@dataclass(frozen=True)
class Terms:
    """What a clause asks.

    Attributes:
        from_rank: the lowest rank that reports.
        due_month: month of the yearly day.
        due_day: the yearly day.
        change_days: days, all counted, in which a change is reported.
        check_share: the part of all that is drawn each year.
        source: document and clause, as pages quote it.
        is_confirmed: whether a person has checked the words.
    """

    from_rank: str
    due_month: int
    due_day: int
    change_days: int
    check_share: Fraction
    source: str = ""
    is_confirmed: bool = True

    @classmethod
    def of(cls, values: Mapping[str, Any], source: str = "", *, is_confirmed: bool = True) -> Terms:
        """Of a clause's parameters, as they are stored."""
        return cls(
            from_rank=values["from_rank"],
            due_month=int(values["due_month"]),
            due_day=int(values["due_day"]),
            change_days=int(values["change_days"]),
            check_share=Fraction(str(values["check_share"])),
            source=source,
            is_confirmed=is_confirmed,
        )

    @property
    def ranks(self) -> tuple[str, ...]:
        """Ranks that report."""
        least = RANK_ORDER[self.from_rank]
        return tuple(rank for rank, order in RANK_ORDER.items() if order >= least)

    def due_on(self, year: int) -> dt.date:
        """The last day of a year's round; the last of the month where the month is shorter."""
        first = dt.date(year, self.due_month, 1)
        last = (first + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)
        return min(first + dt.timedelta(days=self.due_day - 1), last)


def _terms(clause: Clause) -> Terms:
    return Terms.of(clause.parameters, clause.source, is_confirmed=clause.is_confirmed)


def terms_in(bureau_id: uuid.UUID, year: int) -> Terms | None:
    """What binds on the due day of a year's round; None where no clause did. One query."""
    clauses = clauses_during(bureau_id, dt.date(year, 1, 1), dt.date(year, 12, 31), kind=MATTERS)
    found = [(clause.version, _terms(clause)) for clause in clauses]
    binding = [
        terms
        for version, terms in found
        if is_in_force(version.effective_from, version.effective_to, terms.due_on(year))
    ]
    return binding[-1] if binding else None


def terms_on(bureau_id: uuid.UUID, day: dt.date) -> Terms | None:
    """What binds for a change on the day; None where no clause did. One query."""
    clause = clauses_in_force(bureau_id, day, kind=MATTERS).order_by("-version__effective_from").first()
    return _terms(clause) if clause else None


def rank_day(year: int) -> dt.date:
    """The day whose rank decides who reports in a year: the last of the year before (PM-01)."""
    return dt.date(year - 1, 12, 31)


@dataclass(frozen=True)
class Line:
    """Somebody who owes the report of a year.

    Attributes:
        person: who.
        rank: Chinese name of the rank on the day that decides.
        unit: the department on that day.
        report: that it was handed in; None while it was not.
        standing: how it stands.
    """

    person: Person
    rank: str
    unit: str
    report: MatterReport | None
    standing: Standing

    @property
    def is_open(self) -> bool:
        """Whether it is still waited for."""
        return self.standing in {Standing.DUE, Standing.MISSING}


@dataclass(frozen=True)
class Round:
    """The reports of a year; without terms nobody can say who owes one."""

    year: int
    today: dt.date
    terms: Terms | None
    lines: tuple[Line, ...] = ()

    @property
    def rank_day(self) -> dt.date:
        """The day whose rank decides."""
        return rank_day(self.year)

    @property
    def due_on(self) -> dt.date | None:
        """The last day."""
        return self.terms.due_on(self.year) if self.terms else None

    @property
    def owing(self) -> list[Line]:
        """Those who owe a report, handed in or not; who left before it was due does not."""
        return [line for line in self.lines if line.standing is not Standing.NA]

    @property
    def handed_in(self) -> list[Line]:
        """Those who have handed in."""
        return [line for line in self.lines if line.standing in {Standing.DONE, Standing.LATE}]

    @property
    def missing(self) -> list[Line]:
        """Those whose day has passed."""
        return [line for line in self.lines if line.standing is Standing.MISSING]

    @property
    def waiting(self) -> list[Line]:
        """Those who have not handed in yet, late or not."""
        return [line for line in self.lines if line.is_open]

    def frame(self, day: dt.date) -> dict[str, Person]:
        """Who may be drawn on a day, by staff number: those who owe a report and are still there."""
        people = (line.person for line in self.owing)
        return {one.staff_no: one for one in people if one.left_on is None or one.left_on >= day}

    def gone(self, day: dt.date) -> list[Person]:
        """Those who owed a report, but had left before the day and so cannot be drawn."""
        there = self.frame(day)
        return [line.person for line in self.owing if line.person.staff_no not in there]

    def sample(self, day: dt.date) -> int:
        """How many of them are drawn."""
        return sample_size(len(self.frame(day)), self.terms.check_share) if self.terms else 0


def round_of(
    bureau_id: uuid.UUID, year: int, today: dt.date, unit_ids: Collection[uuid.UUID] | None = None
) -> Round:
    """The round of a year as it stands on a day; four queries at most.

    Args:
        bureau_id: whose.
        year: in which the report is due.
        today: the day of reckoning.
        unit_ids: only people placed in these departments on the day whose rank decides; None: all.
    """
    terms, day = terms_in(bureau_id, year), rank_day(year)
    if terms is None or day > today:
        return Round(year, today, terms)
    ranks = RankTenure.objects.on(day).filter(bureau_id=bureau_id, rank__in=terms.ranks)
    placed = Placement.objects.on(day).filter(bureau_id=bureau_id, person_id__in=ranks.values("person_id"))
    units = {row.person_id: row.unit for row in placed.select_related("unit")}
    held = list(ranks.select_related("person").order_by("person__staff_no"))
    if unit_ids is not None:
        held = [row for row in held if row.person_id in units and units[row.person_id].pk in unit_ids]
    reports = {
        row.person_id: row
        for row in MatterReport.objects.filter(bureau_id=bureau_id, year=year, kind=ReportKind.ANNUAL)
    }
    lines = tuple(
        Line(
            row.person,
            row.get_rank_display(),
            str(units.get(row.person_id, "")),
            report := reports.get(row.person_id),
            standing(terms.due_on(year), report.handed_in_on if report else None, today, row.person.left_on),
        )
        for row in held
    )
    return Round(year, today, terms, lines)


def changes_of(bureau_id: uuid.UUID, year: int) -> QuerySet[MatterReport]:
    """Reports of changes that happened in a year, newest first; that one was owed, never of what."""
    rows = MatterReport.objects.filter(bureau_id=bureau_id, kind=ReportKind.CHANGE, year=year)
    return rows.select_related("person").order_by("-happened_on", "pk")


def is_overdue(report: MatterReport, today: dt.date) -> bool:
    """Whether a change is waited for longer than it may be."""
    return standing(report.due_on, report.handed_in_on, today) is Standing.MISSING


def checks_of(bureau_id: uuid.UUID, year: int) -> QuerySet[PaperCheck]:
    """Checks of a year, newest draw first, people in the order of the roll."""
    rows = PaperCheck.objects.filter(bureau_id=bureau_id, year=year)
    return rows.select_related("person", "approved_by").order_by("-drawn_on", "person__staff_no", "kind")


def random_checks(bureau_id: uuid.UUID, year: int) -> QuerySet[PaperCheck]:
    """Those that chance has chosen in a year."""
    return checks_of(bureau_id, year).filter(reason=CheckReason.RANDOM)


def unchecked(bureau_id: uuid.UUID) -> QuerySet[PaperCheck]:
    """Checks of people proposed for promotion that have no result yet (PM-05), whatever the year."""
    rows = PaperCheck.objects.filter(bureau_id=bureau_id, reason=CheckReason.PROMOTION, result="")
    return rows.select_related("person").order_by("drawn_on", "person__staff_no", "kind")


def own_reports(person: Person) -> list[MatterReport]:
    """That one has reported, newest first; for oneself alone."""
    return list(MatterReport.objects.filter(bureau_id=person.bureau_id, person=person))


def own_checks(person: Person) -> list[PaperCheck]:
    """That one's papers were checked, and the code of the result; for oneself alone."""
    return list(PaperCheck.objects.filter(bureau_id=person.bureau_id, person=person))
