"""The own page: what concerns somebody's rights, and the file with everything."""

from __future__ import annotations

import datetime as dt
import io
import json
import uuid
import zipfile

from django.http import Http404

from qizhi.conduct.enums import CaseStatus
from qizhi.conduct.models import (
    Case,
    CaseStep,
    Correction,
    LeaveRequest,
    MatterReport,
    PaperCheck,
    PrintedCode,
)
from qizhi.conduct.queries.cases import cases_of
from qizhi.conduct.queries.matters import own_checks, own_reports
from qizhi.conduct.queries.points import Sheet, sheet_years, year_sheet
from qizhi.conduct.queries.rights import own_codes, own_corrections
from qizhi.core.permissions import Actor
from qizhi.core.tables import Column, write_xlsx
from qizhi.core.tables.values import parse_text
from qizhi.core.values import dataclass
from qizhi.org.models import Person
from qizhi.regulations.models import Finding
from qizhi.study.queries.hours import Own, own_year
from qizhi.web.queries.own_rows import Part, as_dicts, parts_of

SHOWN = frozenset(
    {
        "conduct.Case",
        "conduct.CaseStep",
        "conduct.Correction",
        "conduct.LeaveRequest",
        "conduct.MatterReport",
        "conduct.PaperCheck",
        "conduct.PointsEntry",
        "conduct.PrintedCode",
        "regulations.Finding",
    }
)
"""Tables that `Rights` shows by itself."""


@dataclass(frozen=True)
class Owner:
    """Whose page it is, and by which door they came in.

    Attributes:
        person: the person.
        by: who acts: the account, or the person with nothing but a code on paper.
        code: the code; None for an account.
    """

    person: Person
    by: Actor
    code: PrintedCode | None = None

    @property
    def door(self) -> str:
        """The beginning of the names of one's pages."""
        return "own" if self.code else "mine"

    def view(self, name: str) -> str:
        """Name of one of the pages behind that door."""
        return f"web:{self.door}_{name}"

    @property
    def case_view(self) -> str:
        """The page of a case: with an account the one that everybody concerned opens."""
        return self.view("case") if self.code else "conduct:case"

    @property
    def correct_view(self) -> str:
        """The form for a correction."""
        return self.view("correct")

    @property
    def download_view(self) -> str:
        """The file with everything."""
        return self.view("download")


@dataclass(frozen=True)
class CaseLine:
    """A case with what the person may do about it now.

    Attributes:
        case: the case, which the person was told of.
        may_state: a statement is taken: told, and not decided yet.
        may_appeal: an appeal is taken, in time or late.
        until: last day of the period that runs; later words are taken, too.
    """

    case: Case
    may_state: bool
    may_appeal: bool
    until: dt.date | None


def line_of(case: Case) -> CaseLine:
    """What may be done about a case; the services decide in the end."""
    may_state = case.status == CaseStatus.NOTIFIED
    may_appeal = case.status in {CaseStatus.DECIDED, CaseStatus.FINAL} and not case.is_appeal_open
    until = case.statement_until if may_state else case.appeal_until if may_appeal else None
    return CaseLine(case, may_state, may_appeal, until)


@dataclass(frozen=True)
class Rights:
    """What concerns somebody's rights."""

    cases: list[CaseLine]
    findings: list[Finding]
    sheet: Sheet
    sheet_years: list[int]
    hours: Own
    leaves: list[LeaveRequest]
    reports: list[MatterReport]
    checks: list[PaperCheck]
    corrections: list[Correction]
    codes: list[PrintedCode]

    @property
    def open_cases(self) -> list[CaseLine]:
        """Cases about which nothing was said yet and something may be said now."""
        return [line for line in self.cases if line.may_state and line.case.stated_on is None]

    @property
    def decided_cases(self) -> list[CaseLine]:
        """Cases that were decided and are not final yet: an appeal is taken."""
        return [line for line in self.cases if line.may_appeal and line.case.status == CaseStatus.DECIDED]


def rights_of(person: Person, today: dt.date, year: int | None = None) -> Rights:
    """Cases, findings, points of a year, hours, leave, reports, corrections; a fixed number of queries."""
    findings = Finding.objects.live().filter(bureau_id=person.bureau_id, person=person)
    return Rights(
        cases=[line_of(case) for case in cases_of(person)],
        findings=list(findings.select_related("clause__version__regulation")[:100]),
        sheet=year_sheet(person, year or today.year),
        sheet_years=sheet_years(person, today.year),
        hours=own_year(person, today.year, today),
        leaves=list(LeaveRequest.objects.filter(bureau_id=person.bureau_id, person=person)[:50]),
        reports=own_reports(person),
        checks=own_checks(person),
        corrections=list(own_corrections(person)),
        codes=list(own_codes(person)[:20]),
    )


def own_case(owner: Owner, case_id: uuid.UUID) -> Case:
    """A case about the person that they were told of; Http404 for any other."""
    case = cases_of(owner.person).select_related("finding", "observation").filter(pk=case_id).first()
    if case is None:
        raise Http404
    return case


def steps_of(case: Case) -> list[CaseStep]:
    """What happened to a case, without how it was drafted."""
    rows = CaseStep.objects.filter(bureau_id=case.bureau_id, case=case)
    return list(rows.exclude(kind__in=("drafted", "dropped")).order_by("at", "pk"))


def everything(person: Person, today: dt.date) -> bytes:
    """A file with everything about a person: JSON for machines, a workbook a table for people."""
    parts = parts_of(person)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        told = {
            "姓名": person.name,
            "工号": person.staff_no,
            "日期": today.isoformat(),
            **dict(as_dicts(parts)),
        }
        file.writestr("全部记录.json", json.dumps(told, ensure_ascii=False, indent=1))
        for number, part in enumerate(parts, start=1):
            file.writestr(f"{number:02}-{part.label}.xlsx", _workbook(part))
    return made.getvalue()


def _workbook(part: Part) -> bytes:
    columns = [
        Column(key=str(place), label=label, parse=parse_text, width=20)
        for place, label in enumerate(part.headings)
    ]
    rows = [{str(place): value for place, value in enumerate(row)} for row in part.rows]
    return write_xlsx(columns, rows, part.label)
