"""Steps of the office: new versions, notices on holidays, runs, settled months."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from qizhi.core import clock
from qizhi.core.errors import Refused
from qizhi.core.periods import Period
from qizhi.core.permissions import Actor
from qizhi.regulations.enums import CalendarScope
from qizhi.regulations.kinds import ParameterError
from qizhi.regulations.models import CalendarPaper, Finding, PeriodClose, Proposal, Version
from qizhi.regulations.queries import clauses_during
from qizhi.regulations.rules import PaperDay, write_notice
from qizhi.regulations.rules.runs import doubt_as_of
from qizhi.regulations.services import (
    add_clause,
    clone_version,
    close_period,
    compare,
    decide_proposal,
    edit_clause,
    load_national_calendar,
    publish_version,
    put_calendar_paper,
    reopen_period,
    run_clauses,
    say_counts,
    withdraw_finding,
)
from qizhi.regulations.services.clauses import FIELDS
from qizhi.regulations.services.exemptions import ExemptionValues, excuse_branch, withdraw_exemption
from qizhi.regulations.services.marks import CaseFileError
from qizhi.regulations.services.national import read_clause
from qizhi.regulations.services.proposals import take_proposals
from qizhi.web.stories.facts import Act
from qizhi.web.stories.finding import finding_of, proposal_of
from qizhi.web.stories.reading import Step
from qizhi.web.stories.stage import NothingThere, Stage, StoryError

EXEMPTION = "免除"


def publish(stage: Stage, step: Step) -> str:
    """A new version: the one before with the clauses that change, published by a second person."""
    latest = Version.objects.filter(regulation=stage.regulation).order_by("effective_from").last()
    if latest is None:
        message = "文件里没有可以修订的版本。"
        raise StoryError(message)
    first, second = stage.by("记录人"), stage.by("决定人")
    draft = clone_version(version=latest, label=step.subject, effective_from=step.details["施行"], by=first)
    for position, entry in enumerate(step.details.get("条款", ()), start=1):
        try:
            read = read_clause(draft, entry, position)
        except (CaseFileError, ParameterError) as error:
            message = f"条款读不懂：{error}"
            raise StoryError(message) from error
        values = {name: getattr(read, name) for name in FIELDS}
        known = draft.clauses.filter(key=read.key).first()
        if known is None:
            add_clause(version=draft, values=values, by=first)
        else:
            edit_clause(clause=known, values=values, by=first)
    for key in step.details.get("停用", ()):
        known = draft.clauses.filter(key=key).first()
        if known is None:
            message = f"没有要停用的条款“{key}”。"
            raise StoryError(message)
        edit_clause(clause=known, values={"is_enabled": False}, by=first)
    take_proposals(version=draft, by=first)
    publish_version(version=draft, by=second)
    return ""


def correct_notice(stage: Stage, step: Step) -> str:
    """Days of the national notice of a year are other than was entered."""
    row = CalendarPaper.objects.filter(
        bureau=stage.bureau, scope=CalendarScope.NATIONAL, year=step.subject
    ).last()
    if row is None:
        message = f"{step.subject}年没有可以更正的放假通知。"
        raise StoryError(message)
    said = {day.on: PaperDay(day.on, day.is_working, day.name) for day in row.days.all()}
    said |= {day.on: day for day in _days(step)}
    values = {"notice": write_notice(said.values(), row.year), "confirmed_until": row.confirmed_until}
    put_calendar_paper(values=values, paper=row, by=stage.office)
    return ""


def add_notice(scope: CalendarScope, issuer: str) -> Act:
    """A notice of the region or of the body itself moves days; there may be several in a year."""

    def do(stage: Stage, step: Step) -> str:
        known = CalendarPaper.objects.filter(bureau=stage.bureau, scope=scope, year=step.subject).count()
        more = f"（{known + 1}）" if known else ""
        put_calendar_paper(
            values={
                "scope": scope,
                "year": step.subject,
                "title": f"关于{step.subject}年有关节日放假的通知{more}",
                "doc_no": f"{issuer}〔{step.subject}〕{known + 1}号",
                "published_on": clock.today(),
                "notice": write_notice(_days(step), step.subject),
            },
            by=stage.office,
        )
        return ""

    return do


def _days(step: Step) -> list[PaperDay]:
    kinds = (("休息", False), ("上班", True))
    found = [PaperDay(on, is_working, "") for word, is_working in kinds for on in step.details.get(word, ())]
    if not found:
        message = "没有写“休息”或“上班”的日子。"
        raise StoryError(message)
    return found


def add_missing(stage: Stage, step: Step) -> str:
    """The national notice of a year that was lacking comes."""
    if not load_national_calendar(stage.bureau, by=stage.office, years={step.subject}):
        message = f"{step.subject}年的放假通知不缺，或者产品里没有。"
        raise StoryError(message)
    return ""


def _as_of(step: Step) -> dt.date:
    day: dt.date = step.details.get("截至", step.day)
    if doubt := doubt_as_of(day, step.subject.start if "截至" in step.details else day, step.day):
        raise Refused(doubt)
    return day


def run(stage: Stage, step: Step) -> str:
    """The clauses are run over some months."""
    made = run_clauses(bureau_id=stage.bureau.pk, span=step.subject, as_of=_as_of(step), by=stage.office)
    problems = made.counts["problems"]
    if problems:
        raise StoryError("".join(problems))
    stage.counts = {key: value for key, value in made.counts.items() if key != "problems"}
    return say_counts(made.counts)


def try_run(stage: Stage, step: Step) -> str:
    """What a run would change; it writes nothing."""
    found = compare(stage.bureau.pk, step.subject, _as_of(step))
    stage.counts = dict(found.counts)
    return say_counts(found.counts)


def settle(stage: Stage, step: Step) -> str:
    """Months are settled."""
    close_period(bureau_id=stage.bureau.pk, span=step.subject, by=stage.office)
    return ""


def open_again(stage: Stage, step: Step) -> str:
    """Settled months are opened again."""
    span: Period = step.subject
    row = PeriodClose.objects.filter(bureau=stage.bureau, start=span.start, end=span.end).first()
    if row is None:
        message = f"{span.label}没有结账，不用取消。"
        raise NothingThere(message)
    reopen_period(period=row, because="更正", by=stage.office)
    return ""


def decide(*, is_accepted: bool) -> Act:
    """A person takes over what a run has proposed for settled months, or sets it aside."""

    def do(stage: Stage, step: Step) -> str:
        row: Proposal = proposal_of(stage, step.subject)
        decide_proposal(proposal=row, is_accepted=is_accepted, by=_person(stage, step))
        return ""

    return do


def withdraw(stage: Stage, step: Step) -> str:
    """A person withdraws a finding without a case."""
    row: Finding = finding_of(stage, step.subject)
    withdraw_finding(finding=row, because=step.details.get("理由", "不构成"), by=_person(stage, step))
    return ""


def _person(stage: Stage, step: Step) -> Actor:
    return stage.by(step.details.get("由", "决定人"))


def excuse(stage: Stage, step: Step) -> str:
    """A branch is excused from a clause for some days."""
    stage.free(stage.exemptions, step.subject, EXEMPTION)
    said = step.details
    first, last, key = said["自"], said["至"], said["条款"]
    clause = clauses_during(stage.bureau.pk, first, last).filter(key=key).first()
    if clause is None:
        message = f"{first}至{last}没有施行的条款“{key}”。"
        raise StoryError(message)
    values = ExemptionValues(first, last, said.get("理由", "全员驻村防汛"), "机关党委会议", step.day)
    unit = stage.units[said["对象"]]
    stage.exemptions[step.subject] = excuse_branch(unit=unit, clause=clause, values=values, by=stage.office)
    return ""


def take_back(stage: Stage, step: Step) -> str:
    """An exemption is taken back."""
    row = stage.known(stage.exemptions, step.subject, EXEMPTION)
    withdraw_exemption(row, because=step.details.get("理由", "登记有误"), by=stage.office)
    return ""


OFFICE: Mapping[str, Act] = {
    "新版": publish,
    "更正通知": correct_notice,
    "地区通知": add_notice(CalendarScope.REGION, "示办发"),
    "单位通知": add_notice(CalendarScope.UNIT, "示检办"),
    "补录通知": add_missing,
    "核算": run,
    "试算": try_run,
    "结账": settle,
    "取消结账": open_again,
    "采纳建议": decide(is_accepted=True),
    "不采纳建议": decide(is_accepted=False),
    "撤销发现": withdraw,
    "免除": excuse,
    "撤销免除": take_back,
}
