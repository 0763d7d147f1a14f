"""Papers of a case in official layout: each step that ends something for the person concerned has one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from qizhi.conduct.enums import Decision, ReviewOutcome, StepKind
from qizhi.conduct.models import Case, CaseStep
from qizhi.conduct.rules.quotes import LAPSED
from qizhi.conduct.services.correcting import as_told
from qizhi.conduct.services.hearing import Told
from qizhi.core.documents.model import Block, Document, Heading, Kind, Paragraph
from qizhi.core.periods import say_day
from qizhi.core.values import dataclass
from qizhi.org.models import Bureau

PAPERS = {
    StepKind.NOTIFIED: ("notice", "告知书", "微告"),
    StepKind.RENOTIFIED: ("corrected-notice", "更正告知书", "微更"),
    StepKind.DECIDED: ("decision", "决定书", "微决"),
    StepKind.FINAL: ("final", "生效通知书", "微效"),
    StepKind.ADMITTED: ("admission", "受理申诉通知书", "微受"),
    StepKind.NOT_ADMITTED: ("refusal", "不予受理申诉通知书", "微不受"),
    StepKind.REVIEWED: ("review", "复核决定书", "微复"),
}
"""Which step has which paper: its key, its name, and the mark of its number."""


RECEIPT = "签收人：＿＿＿＿＿　签收日期：＿＿＿年＿＿月＿＿日"
"""On what is handed over: signed by who receives it, on the copy that stays; one line of the paper."""
_FURTHER = "有新的理由的，仍可以提出申诉，由没有参加记录和决定的人决定是否受理。"
_APPEALS = (StepKind.APPEALED, StepKind.LATE_APPEAL)


@dataclass(frozen=True)
class Paper:
    """A paper that the person concerned is given.

    Attributes:
        key: by which an address names it.
        name: its Chinese name.
        doc_no: its number.
        step: what it tells.
        steps: everything up to that step, in order.
        next: the step that has corrected what it tells; None where nothing has.
    """

    key: str
    name: str
    doc_no: str
    step: CaseStep
    steps: tuple[CaseStep, ...]
    next: CaseStep | None = None

    def last_before(self, *kinds: StepKind) -> CaseStep | None:
        """The last step of these kinds before its own."""
        return next((step for step in reversed(self.steps[:-1]) if step.kind in kinds), None)


def papers_of(case: Case, steps: Iterable[CaseStep] | None = None) -> list[Paper]:
    """The papers that there are, in the order of their steps; a later one of a kind has a number of its own.

    What became final by a review is told by the paper of that review. Of several reviews the last one has a
    paper: what stood between was told then, and the case says no more what it was.
    """
    rows = case.steps.filter(bureau_id=case.bureau_id).order_by("at", "id") if steps is None else steps
    known = list(rows)
    earlier = [step for step in known if step.kind == StepKind.REVIEWED][:-1]
    made: list[Paper] = []
    for place, step in enumerate(known):
        is_told = step.kind == StepKind.FINAL and not step.text.startswith(LAPSED)
        if step.kind not in PAPERS or is_told or step in earlier:
            continue
        key, name, mark = PAPERS[StepKind(step.kind)]
        number = 1 + sum(1 for one in made if one.step.kind == step.kind)
        more = (f"-{number}", f"（之{number}）") if number > 1 else ("", "")
        doc_no = f"{mark}〔{case.year}〕{case.serial}号{more[1]}"
        later = next((one for one in known[place + 1 :] if one.kind == StepKind.RENOTIFIED), None)
        is_notice = step.kind in {StepKind.NOTIFIED, StepKind.RENOTIFIED}
        steps = tuple(known[: place + 1])
        made.append(Paper(key + more[0], name + more[1], doc_no, step, steps, later if is_notice else None))
    return made


def notice_of(case: Case, told: Told) -> Paper:
    """The notice of a draft as it will be when it is handed over; no step is written."""
    key, name, mark = PAPERS[StepKind.NOTIFIED]
    step = CaseStep(case=case, kind=StepKind.NOTIFIED, on=told.on, text=told.words)
    return Paper(key, name, f"{mark}〔{case.year}〕{case.serial}号", step, (step,))


def corrected_notice_of(case: Case, told: Told, earlier: dict[str, Any]) -> Paper:
    """The notice that corrects one, as it will be when it is handed over; no step is written."""
    known = list(case.steps.filter(bureau_id=case.bureau_id).order_by("at", "id"))
    step = CaseStep(case=case, kind=StepKind.RENOTIFIED, on=told.on, text=told.words, earlier=earlier)
    return papers_of(case, [*known, step])[-1]


@dataclass(frozen=True)
class Read:
    """A paper to be read on a page."""

    doc_no: str
    salutation: str
    lines: list[tuple[int, str]]  # level of a heading, 0 for a paragraph
    signer: str
    signed_on: dt.date


def read_notice(case: Case, found: Paper) -> Read:
    """The words of a notice, as its file has them."""
    lines: list[tuple[int, str]] = [
        (block.level if isinstance(block, Heading) else 0, block.text)
        for block in _WRITERS[StepKind(found.step.kind)](case, found)
        if isinstance(block, Heading | Paragraph)
    ]
    return Read(found.doc_no, _whom(case), lines, case.bureau.name, found.step.on)


def paper(case: Case, found: Paper, bureau: Bureau) -> Document:
    """A paper of a case in official layout.

    Args:
        case: with person, unit, clause and the people who acted.
        found: one of `papers_of`.
        bureau: who issues it.
    """
    write = _WRITERS[StepKind(found.step.kind)]
    case = as_told(case, found.next) if found.next else case
    return Document(
        kind=Kind.NOTICE,
        issuer_mark=bureau.name,
        title=f"微违规事项{PAPERS[StepKind(found.step.kind)][1]}",
        blocks=tuple(write(case, found)),
        doc_no=found.doc_no,
        salutation=_whom(case),
        signer=bureau.name,
        signed_on=found.step.on,
        note="本文书送达当事人，不张贴、不公开",
    )


def _whom(case: Case) -> str:
    if case.person is None:
        return str(case.unit)
    return f"{case.person}（{case.unit}）" if case.unit else str(case.person)


def _notice(case: Case, found: Paper) -> list[Block]:
    opening = f"经查，现将拟对{_you(case)}记分的事项告知如下（{case}）。"
    return [*_said(opening), Heading(1, "一、查明的事实"), *_said(case.fact), *_told(case, found)]


def _corrected(case: Case, found: Paper) -> list[Block]:
    """A notice in the place of an earlier one: what was told, what is told now, and the whole time again."""
    you, then = _you(case), as_told(case, found.step)
    told = say_day(then.notified_on) if then.notified_on else "前次"
    was = f"原告知{say_day(then.happened_on)}的事实：{then.fact}"
    spoken = (
        f"{you}在更正以前提出的陈述和申辩仍然有效，作决定时一并考虑；也可以补充或者重新提出。"
        if any(step.kind == StepKind.STATED for step in found.steps)
        else ""
    )
    return [
        *_said(
            f"{told}就{case}告知{you}以后，依据的记录经核对更正，查明的事实有变。现更正告知如下，"
            "原告知书不再作为决定的依据。"
        ),
        Heading(1, "一、更正后查明的事实"),
        *_said(case.fact),
        *_said(f"{was.rstrip('。')}，原拟扣{_points(then.points)}分。"),
        *_told(case, found, spoken),
    ]


def _told(case: Case, found: Paper, spoken: str = "") -> list[Block]:
    """What shows the fact, the rule, what it would cost, and the rights of whom it concerns."""
    you = _you(case)
    return [
        Heading(1, "二、依据的材料"),
        *_said(case.evidence_said),
        Heading(1, "三、当时有效的规定"),
        *_said(_rule(case)),
        *(_said(f"免予记分的情形：{case.excuses}") if case.excuses else []),
        Heading(1, "四、拟作处理"),
        *_said(f"拟扣{_points(case.points)}分。未经决定，不计分，不通报。"),
        Heading(1, f"五、{you}的权利"),
        *_said(found.step.text),
        *_said(spoken),
        *_said("在此期间可以陈述和申辩，书面、口头均可，也可以申请更正有误的记录；作出决定的人不是记录人。"),
        *_said(_handed_in(case)),
        *_said(RECEIPT),
    ]


def _decision(case: Case, found: Paper) -> list[Block]:
    is_confirmed = case.decision == Decision.CONFIRMED
    result = f"确认，扣{_points(case.points)}分。" if is_confirmed else "撤销，不扣分。"
    appeal = found.step.text.rpartition("\n")[2] if is_confirmed else ""
    # A case may be dropped before the person has spoken; it is confirmed only after the time for it.
    over = "陈述期已满，没有收到陈述和申辩" if is_confirmed else "经核实"
    statement = _statements(case, found)
    heard = "经听取陈述和申辩" if statement else over
    nothing = "在规定的期限内没有提出陈述和申辩。" if is_confirmed else "决定以前没有提出陈述和申辩。"
    blocks: list[Block] = [
        *_said(f"对{case}一事，{heard}，现作出如下决定。"),
        # What is withdrawn was told and is not held to be so.
        Heading(1, "一、认定的事实" if is_confirmed else "一、原告知的事实"),
        *_said(case.fact),
        Heading(1, "二、当时有效的规定"),
        *_said(_rule(case)),
        Heading(1, "三、陈述和申辩"),
        *_said(statement or nothing),
        Heading(1, "四、决定及理由"),
        *_said(result),
        *_said(case.decision_reason),
    ]
    if is_confirmed:
        blocks += [
            Heading(1, "五、申诉"),
            *_said(f"不服本决定的，可以申诉，由没有参加记录和决定的第三人复核。{appeal}"),
            *_said("逾期申诉的，说明理由，由复核人决定是否受理。"),
            *_said(_handed_in(case)),
        ]
    return [*blocks, *_by(found, "决定"), *_said(RECEIPT)]


def _final(case: Case, found: Paper) -> list[Block]:
    until = say_day(case.appeal_until) if case.appeal_until else "—"
    return [
        *_said(f"对{case}一事的决定，申诉期已经届满，现将生效的情况通知如下。"),
        Heading(1, "一、生效的决定"),
        *_said(case.fact),
        *_said(
            f"{_decided(case)}申诉期至{until}止，期内没有收到申诉，决定自{say_day(found.step.on)}起生效。"
        ),
        Heading(1, "二、当时有效的规定"),
        *_said(_rule(case)),
        Heading(1, "三、记分"),
        *_said(f"扣{_points(case.points)}分，计入{found.step.on.year}年。{_you(case)}可以随时查阅记分单。"),
        Heading(1, "四、申诉"),
        *_said("逾期申诉的，说明理由，由没有参加记录和决定的第三人决定是否受理。"),
        *_by(found, "办理"),
        *_said(RECEIPT),
    ]


def _admission(case: Case, found: Paper) -> list[Block]:
    is_admitted, appeal = found.step.kind == StepKind.ADMITTED, found.last_before(StepKind.LATE_APPEAL)
    reason, _, until = found.step.text.partition("\n") if is_admitted else (found.step.text, "", "")
    result = (
        f"准予受理，由没有参加记录和决定的第三人复核。{until}"
        if is_admitted
        else "不予受理，原决定不变。有新的理由的，仍可以再次提出。"
    )
    return [
        *_said(f"对{case}一事逾期提出的申诉，经没有参加记录和决定的第三人审查，现答复如下。"),
        Heading(1, "一、申诉"),
        *_said(f"{say_day(appeal.on)}提出：{appeal.text}" if appeal else "—"),
        Heading(1, "二、是否受理"),
        *_said(result),
        Heading(1, "三、理由"),
        *_said(reason),
        *_by(found, "审查"),
        *_said(RECEIPT),
    ]


def _review(case: Case, found: Paper) -> list[Block]:
    last = found.last_before(*_APPEALS, StepKind.NOT_ADMITTED, StepKind.REVIEWED)
    result = {
        ReviewOutcome.UPHELD: f"维持原决定，扣{_points(case.final_points)}分。",
        ReviewOutcome.CHANGED: f"变更原决定，扣{_points(case.final_points)}分。",
        ReviewOutcome.CANCELLED: "撤销原决定，不扣分；已经记入的予以冲回，不留在任何统计中。",
    }[ReviewOutcome(case.outcome)]
    ground = (
        f"{say_day(last.on)}收到申诉：{last.text}"
        if last and last.kind in _APPEALS
        else "依据的事实记录已经更正，依职权复核。"
    )
    further = "" if case.outcome == ReviewOutcome.CANCELLED else _FURTHER
    return [
        *_said(f"对{case}一事的决定，经第三人复核，现作出如下决定。"),
        Heading(1, "一、原决定"),
        *_said(case.fact),
        *_said(_decided(case)),
        *_said(case.decision_reason),
        Heading(1, "二、申诉"),
        *_said(ground),
        Heading(1, "三、当时有效的规定"),
        *_said(_rule(case)),
        Heading(1, "四、复核决定及理由"),
        *_said(result),
        *_said(case.review_reason),
        *_said(further),
        *_by(found, "复核"),
        *_said(RECEIPT),
    ]


def _decided(case: Case) -> str:
    return f"{say_day(case.decided_on)}决定：扣{_points(case.points)}分。" if case.decided_on else ""


def _statements(case: Case, found: Paper) -> str:
    """What was said for the person; before a notice was corrected with its day."""
    corrected = [place for place, step in enumerate(found.steps) if step.kind == StepKind.RENOTIFIED]
    before = found.steps[: corrected[-1]] if corrected else ()
    earlier = [
        f"更正告知以前（{say_day(one.on)}）：{one.text}" for one in before if one.kind == StepKind.STATED
    ]
    return "\n".join(filter(None, [*earlier, case.statement]))


def _rule(case: Case) -> str:
    text = case.rule.get("text", "")
    said = f"规定：“{text}”" if case.rule.get("is_quoted") else f"（大意）：{text}"
    return f"{case.cited}{said}\n该规定在{say_day(case.happened_on)}有效。"


def _points(points: object) -> str:
    return f"{abs(points).normalize():f}" if isinstance(points, Decimal) else "—"


def _said(text: str) -> list[Block]:
    lines: Iterable[str] = (line.strip() for line in text.splitlines())
    return [Paragraph.of(line) for line in lines if line]


def _you(case: Case) -> str:
    return "你" if case.person else "你单位"


def _handed_in(case: Case) -> str:
    """Where and how a statement or an appeal is handed in."""
    return (
        f"书面的交{case.bureau.name}纪检干部（经办人：{case.recorded_by}）；口头的由经办人当面记录，本人核对签字。"
        "有账号或者查询码的，也可以在“我的记录”里直接提交。"
    )


def _by(found: Paper, what: str) -> list[Block]:
    """Who has taken the step."""
    return _said(f"{what}人：{found.step.by or found.step.by_label}。")


_WRITERS: dict[StepKind, Callable[[Case, Paper], list[Block]]] = {
    StepKind.NOTIFIED: _notice,
    StepKind.RENOTIFIED: _corrected,
    StepKind.DECIDED: _decision,
    StepKind.FINAL: _final,
    StepKind.ADMITTED: _admission,
    StepKind.NOT_ADMITTED: _admission,
    StepKind.REVIEWED: _review,
}
