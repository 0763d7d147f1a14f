"""Drafts of cases: from a finding, an observation, a note, or by hand; machines propose, people draft."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NoReturn

from django.db import transaction
from django.db.models import Max

from qizhi.conduct.enums import CaseStatus, StepKind
from qizhi.conduct.models import Case, Inspection, Observation
from qizhi.conduct.queries.excuses import excuses_of, unit_excuses
from qizhi.conduct.queries.findings import observation_of, of_same_fact
from qizhi.conduct.queries.inspections import how_seen
from qizhi.conduct.queries.procedure import procedure_on
from qizhi.conduct.services.referrals import not_referred
from qizhi.conduct.services.steps import (
    check_subject,
    hold,
    keep,
    person_of,
    require,
    still_so,
    write_step,
)
from qizhi.core import audit, clock
from qizhi.core.errors import Refused
from qizhi.core.ids import new_id
from qizhi.core.periods import say_day
from qizhi.core.permissions import Actor
from qizhi.core.values import dataclass
from qizhi.org.models import Bureau, Person, Placement, Unit
from qizhi.regulations.enums import FindingStatus, Verdict
from qizhi.regulations.models import Clause, Finding
from qizhi.regulations.rules import is_in_force
from qizhi.tasks.models import DutyNote


@dataclass(frozen=True)
class CaseFacts:
    """What a case says.

    Attributes:
        clause: by which it is judged; the version in force on the day of the fact.
        happened_on: the day of the fact.
        fact: what was the case.
        evidence: what shows it.
        person: whom it concerns; None for a unit.
        unit: the unit that is responsible, or in which the person works.
        points: what it costs; None: what the clause says.
        despite: why a case is drafted although something excuses.
        finding: what a run has found.
        observation: what an inspection has seen.
        inspection: in which inspection it came up.
        note: what was noted under the negative list.
    """

    clause: Clause
    happened_on: dt.date
    fact: str
    evidence: str
    person: Person | None = None
    unit: Unit | None = None
    points: Decimal | None = None
    despite: str = ""
    finding: Finding | None = None
    observation: Observation | None = None
    inspection: Inspection | None = None
    note: DutyNote | None = None


def facts_of_finding(finding: Finding, despite: str = "", inspection: Inspection | None = None) -> CaseFacts:
    """What a finding proposes: its sentence, its evidence, its points; of what was seen, what shows that."""
    observation = observation_of(finding)
    judged = f"应当：{_stopped(finding.required)}\n实际：{_stopped(finding.actual)}"
    return CaseFacts(
        clause=finding.clause,
        happened_on=finding.end,
        fact=finding.sentence,
        evidence=_shown_by(observation) if observation else judged,
        person=finding.person,
        unit=finding.unit,
        points=points_of(finding),
        despite=despite,
        finding=finding,
        observation=observation,
        inspection=inspection or (observation.inspection if observation else None),
    )


def _shown_by(observation: Observation) -> str:
    """What shows that it was so, and who has seen it and written it down when."""
    return f"{_stopped(observation.evidence)}\n检查记录：{how_seen(observation)}。"


def _stopped(text: str) -> str:
    """A sentence of a paper ends with its stop."""
    return f"{text.rstrip('。')}。"


def points_of(finding: Finding) -> Decimal:
    """What it would cost; where it is excused from, what it costs if somebody gives a reason to go on."""
    return finding.clause.points if finding.verdict == Verdict.EXCUSED else finding.points


def facts_of_observation(observation: Observation, despite: str = "") -> CaseFacts:
    """What an observation proposes.

    Raises:
        Refused: it names no clause, or was withdrawn.
    """
    if observation.withdrawn_at is not None:
        raise Refused("这条检查记录已经撤销，不能立案。确有其事的，请先在检查里恢复它。")
    if observation.clause is None:
        raise Refused("这条检查记录没有写明依据条款，不能立案。请先在检查记录里选定条款。", "clause")
    return CaseFacts(
        clause=observation.clause,
        happened_on=observation.happened_on,
        fact=observation.fact,
        evidence=_shown_by(observation),
        person=observation.person,
        unit=observation.unit,
        despite=despite,
        observation=observation,
        inspection=observation.inspection,
    )


def excuses(facts: CaseFacts) -> list[str]:
    """What excuses the person or the unit on the day of the fact."""
    if facts.person is not None:
        procedure = procedure_on(facts.person.bureau_id, facts.happened_on)
        return excuses_of(facts.person, facts.happened_on, procedure)
    return unit_excuses(facts.unit, facts.happened_on) if facts.unit is not None else []


@transaction.atomic
def draft_case(facts: CaseFacts, *, by: Actor, id: uuid.UUID | None = None) -> Case:  # noqa: A002 - the row's own
    """Draft a case; the words of the rule are copied, excuses are worked out first.

    Args:
        facts: what it says.
        by: who records it.
        id: key of the row; a second call with it finds the row and makes no other.

    Raises:
        Refused: it could not stand: another version bound, an excuse without a reason to go on, known
            already, about the recorder, without points, not certain, of the future.
    """
    if id is not None and (known := Case.objects.filter(bureau_id=by.bureau_id, pk=id).first()):
        return known
    recorder = person_of(by, "记录")
    found = _checked(facts, recorder)
    today = clock.today()
    Bureau.objects.select_for_update().get(pk=by.bureau_id)  # numbers follow each other
    last = Case.objects.filter(bureau_id=by.bureau_id, year=today.year).aggregate(last=Max("serial"))["last"]
    case = Case(
        pk=id or new_id(),
        bureau_id=by.bureau_id,
        year=today.year,
        serial=(last or 0) + 1,
        finding=facts.finding,
        observation=facts.observation,
        inspection=facts.inspection,
        note=facts.note,
        recorded_by=recorder,
        recorded_on=today,
        **values_of(facts, found),
    )
    case.save(force_insert=True)
    write_step(case, StepKind.DRAFTED, today, case.excuses, by)
    audit.record("conduct.draft_case", case, by=by)
    return case


@transaction.atomic
def edit_case(case: Case, facts: CaseFacts, *, by: Actor) -> Case:
    """Change what a draft says; once it was told it never changes.

    Raises:
        Refused: as for drafting, or it is no draft any more.
    """
    case = hold(case)
    require(case, CaseStatus.DRAFT, what="修改")
    before = audit.snapshot(case)
    found = _checked(facts, case.recorded_by, own=case)
    for name, value in values_of(facts, found).items():
        setattr(case, name, value)
    return keep(case, "edit_case", before, by)


@transaction.atomic
def drop_case(case: Case, *, reason: str, by: Actor) -> Case:
    """Give a draft up before anybody was told; its number stays taken.

    Raises:
        Refused: it is no draft any more.
    """
    case = hold(case)
    require(case, CaseStatus.DRAFT, what="撤回草拟（已经告知的，由决定人作出撤销决定）")
    before = audit.snapshot(case)
    case.status = CaseStatus.DROPPED
    write_step(case, StepKind.DROPPED, clock.today(), reason, by)
    return keep(case, "drop_case", before, by)


def values_of(facts: CaseFacts, found: Sequence[str]) -> dict[str, Any]:
    """The columns of a case that say what it is about."""
    said = "；".join(found)
    return {
        "clause": facts.clause,
        "person": facts.person,
        "unit": facts.unit or _department(facts),
        "happened_on": facts.happened_on,
        "fact": facts.fact,
        "evidence": facts.evidence,
        "rule": rule_of(facts.clause),
        "excuses": f"{said}\n仍然立案的理由：{facts.despite}" if said else "",
        "points": facts.clause.points if facts.points is None else facts.points,
    }


def _department(facts: CaseFacts) -> Unit | None:
    """Where the person worked on the day."""
    if facts.person is None:
        return None
    placed = Placement.objects.on(facts.happened_on).filter(
        bureau_id=facts.person.bureau_id, person=facts.person
    )
    row = placed.select_related("unit").first()
    unit: Unit | None = row.unit if row else None
    return unit


def rule_of(clause: Clause) -> dict[str, Any]:
    """The words of the rule as they bind now, frozen into the case."""
    version = clause.version
    return {
        "document": version.regulation.title,
        "doc_no": version.regulation.doc_no,
        "version": version.label,
        "effective_from": version.effective_from.isoformat(),
        "number": clause.number,
        "text": clause.text,
        "is_quoted": clause.is_quoted,
        "points": str(clause.points),
        "area": clause.get_area_display(),
        "evidence": clause.evidence,
        "parameters": clause.parameters,
    }


def _checked(facts: CaseFacts, recorder: Person, own: Case | None = None) -> list[str]:
    """The excuses; Refused where no case can be drafted of these facts."""
    if facts.person is None and facts.unit is None:
        raise Refused("没有写明当事人或责任组织，没有保存。", "person")
    if facts.person is not None and facts.person.pk == recorder.pk:
        raise Refused("涉及本人的事项不能由本人记录，应当回避。请由其他纪检干部记录。", "person")
    for word, text, name in (("事实", facts.fact, "fact"), ("依据材料", facts.evidence, "evidence")):
        if not text.strip():
            raise Refused(f"没有写{word}，没有保存：没有{word}的事项，当事人无从答辩。", name)
    if facts.happened_on > clock.today():
        raise Refused(f"发生日期{say_day(facts.happened_on)}在今天之后，请核对。", "happened_on")
    _check_ground(facts, own)
    _check_clause(facts)
    found = excuses(facts)
    if found and not facts.despite.strip():
        message = f"有免予记分的情形，不建议立案：{'；'.join(found)}。确需立案的，请写明理由后再保存。"
        raise Refused(message, "despite")
    alike = _alike(facts, own)
    if alike is not None and not facts.despite.strip():
        message = (
            f"同一当事人、同一天、同一条款已有{alike}（{alike.status_said}），没有保存。"
            "是同一件事的，不要重复立案；确是另一件事的，请写明区别后再保存。"
        )
        raise Refused(message, "despite", see=alike)
    return [*found, *([f"同一天、同一条款已有{alike}"] if alike else [])]


def _alike(facts: CaseFacts, own: Case | None) -> Case | None:
    """A case of the same person or unit, day and clause that may be of the same fact.

    Two that each rest on a row of their own are two facts; where one is written by hand a person must tell.
    """
    unit = {} if facts.person else {"unit": facts.unit}
    cases = Case.objects.exclude(status=CaseStatus.DROPPED).filter(
        bureau_id=facts.clause.bureau_id,
        person=facts.person,
        happened_on=facts.happened_on,
        clause__key=facts.clause.key,
        clause__version__regulation_id=facts.clause.version.regulation_id,
        **unit,
    )
    if facts.finding or facts.observation:
        cases = cases.filter(finding=None, observation=None)
    return (cases.exclude(pk=own.pk) if own else cases).order_by("year", "serial").first()


def _check_clause(facts: CaseFacts) -> None:
    clause, day = facts.clause, facts.happened_on
    version = clause.version
    if version.is_draft or not is_in_force(version.effective_from, version.effective_to, day):
        message = f"{say_day(day)}时{clause.source}（{version.label}）没有施行。请选当时有效的条款。"
        raise Refused(message, "clause")
    if not clause.is_enabled:
        why = f"：{clause.note}" if clause.note else ""
        message = f"{clause.source}已停用{why}。停用的条款不能作为依据。"
        raise Refused(message, "clause")
    points = clause.points if facts.points is None else facts.points
    if clause.points >= 0 or points >= 0:
        message = f"{clause.source}没有扣分的规定，不能立案。"
        raise Refused(message, "points")
    if facts.finding is None:  # a run finds of whom the clause asks it
        check_subject(clause, facts.person, facts.unit)
    least = points_of(facts.finding) if facts.finding is not None else clause.points
    if points < least:
        most = f"{-least.normalize():f}"
        message = f"拟扣{-points.normalize():f}分，超过条款规定的{most}分。请改为不超过{most}分。"
        raise Refused(message, "points")


def _check_finding(finding: Finding) -> None:
    if finding.verdict == Verdict.UNKNOWN:
        raise Refused("这条发现是“未知”：事实没有查清，不能立案。请先补齐缺的记录或日历，再核算。")
    if finding.status != FindingStatus.LIVE:
        raise Refused(f"这条发现已是“{finding.get_status_display()}”，不能再立案。")


def _check_seen(finding: Finding, observation: Observation) -> None:
    """What a run has found of an observation holds as long as that still says it."""
    next_step = f"请先重新核算{finding.end.year}年{finding.end.month}月，再看还有没有这条发现。"
    if observation.withdrawn_at is not None:
        raise Refused(f"依据的检查记录在核算以后撤销了，不能立案。{next_step}", see=observation)
    said = finding.evidence.get("facts", {}).get("fact", observation.fact)
    then = (finding.end, said, finding.person_id or finding.unit_id)
    if then != (observation.happened_on, observation.fact, observation.person_id or observation.unit_id):
        raise Refused(f"依据的检查记录在核算以后更正过，这条发现还是更正前的。{next_step}", see=observation)


def _check_ground(facts: CaseFacts, own: Case | None) -> None:
    finding = facts.finding
    if finding is not None and own is None:
        _check_finding(finding)
        if facts.observation is not None:
            _check_seen(finding, facts.observation)
        still_so(finding, "据此立案")
    if facts.note is not None and own is None and facts.note.withdrawn_because:
        message = f"这条记事已经撤回（{facts.note.withdrawn_because}），不能据此立案。"
        raise Refused(message)
    if own is None:
        not_referred(facts.observation, "立案")
    cases = Case.objects.exclude(status=CaseStatus.DROPPED)
    cases = cases.exclude(pk=own.pk) if own else cases
    if finding is not None and (
        known := cases.filter(of_same_fact(finding), bureau_id=finding.bureau_id).first()
    ):
        _refuse_second(finding, known)
    for name, ground in (("observation", facts.observation), ("note", facts.note)):
        known = cases.filter(bureau_id=ground.bureau_id, **{name: ground}).first() if ground else None
        if known is not None:
            message = f"已经据此立案（{known}），没有重复立案。"
            raise Refused(message, see=known)


def _refuse_second(finding: Finding, known: Case) -> NoReturn:
    """One fact makes one case, also when it was corrected and found anew afterwards."""
    if known.finding_id in {None, finding.pk}:
        raise Refused(f"已经据此立案（{known}），没有重复立案。", see=known)
    step = {
        CaseStatus.DRAFT: "请先撤回那份草拟，再按新的发现草拟。",
        CaseStatus.NOTIFIED: "请由记录人在那件事项里更正告知。",
    }
    word = step.get(CaseStatus(known.status), "请在那件事项里由另一人按新的事实复核。")
    message = f"同一件事已经立案（{known}），立案以后事实又更正过，没有重复立案。{word}"
    raise Refused(message, see=known)
