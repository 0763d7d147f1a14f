"""Papers of a case in official layout: what is told, what is decided, what a review says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

from qizhi.conduct.enums import Decision, ReviewOutcome, StepKind
from qizhi.conduct.models import Case, CaseStep
from qizhi.core.documents.model import Block, Document, Heading, Kind, Paragraph
from qizhi.core.periods import say_day
from qizhi.org.models import Bureau

PAPERS = {"notice": "告知书", "decision": "决定书", "review": "复核决定书"}
_MARKS = {"notice": "微告", "decision": "微决", "review": "微复"}


def papers_of(case: Case) -> list[tuple[str, str]]:
    """Key and Chinese name of each paper that there is."""
    there = {
        "notice": case.notified_on is not None,
        "decision": case.decided_on is not None,
        "review": case.outcome != "",
    }
    return [(key, name) for key, name in PAPERS.items() if there[key]]


def paper(case: Case, key: str, bureau: Bureau) -> Document:
    """One of the papers of a case.

    Args:
        case: with person, unit, clause and the people who acted.
        key: one of `PAPERS` that the case has.
        bureau: who issues it.
    """
    steps = list(case.steps.filter(bureau_id=case.bureau_id).order_by("at", "id"))
    blocks, signed_on = {"notice": _notice, "decision": _decision, "review": _review}[key](case, steps)
    return Document(
        kind=Kind.NOTICE,
        issuer_mark=bureau.name,
        title=f"微违规事项{PAPERS[key]}",
        blocks=tuple(blocks),
        doc_no=f"{_MARKS[key]}〔{case.year}〕{case.serial}号",
        salutation=_whom(case),
        signer=bureau.name,
        signed_on=signed_on,
        note="本文书送达当事人，不张贴、不公开",
    )


def _whom(case: Case) -> str:
    if case.person is None:
        return str(case.unit)
    return f"{case.person}（{case.unit}）" if case.unit else str(case.person)


def _notice(case: Case, steps: list[CaseStep]) -> tuple[list[Block], dt.date | None]:
    told, you = _last(steps, StepKind.NOTIFIED), "你" if case.person else "你单位"
    blocks: list[Block] = [
        *_said(f"经查，现将拟对{you}记分的事项告知如下（{case}）。"),
        Heading(1, "一、查明的事实"),
        *_said(case.fact),
        Heading(1, "二、依据的材料"),
        *_said(case.evidence),
        Heading(1, "三、当时有效的规定"),
        *_said(_rule(case)),
        Heading(1, "四、拟作处理"),
        *_said(f"拟扣{_points(case.points)}分。未经决定，不计分，不通报。"),
        Heading(1, f"五、{you}的权利"),
        *_said(told.text if told else ""),
        *_said("在此期间可以陈述和申辩，书面、口头均可，也可以申请更正有误的记录；作出决定的人不是记录人。"),
    ]
    if case.excuses:
        blocks[6:6] = _said(f"排除情形：{case.excuses}")
    return blocks, case.notified_on


def _decision(case: Case, steps: list[CaseStep]) -> tuple[list[Block], dt.date | None]:
    is_confirmed = case.decision == Decision.CONFIRMED
    result = f"确认，扣{_points(case.points)}分。" if is_confirmed else "撤销，不扣分。"
    decided = _last(steps, StepKind.DECIDED)
    appeal = decided.text.partition("\n")[2] if decided else ""
    blocks: list[Block] = [
        *_said(f"对{case}一事，经听取陈述和申辩，现作出如下决定。"),
        Heading(1, "一、认定的事实"),
        *_said(case.fact),
        Heading(1, "二、当时有效的规定"),
        *_said(_rule(case)),
        Heading(1, "三、陈述和申辩"),
        *_said(case.statement or "在规定的期限内没有提出陈述和申辩。"),
        Heading(1, "四、决定及理由"),
        *_said(result),
        *_said(case.decision_reason),
    ]
    if is_confirmed:
        blocks += [
            Heading(1, "五、申诉"),
            *_said(f"不服本决定的，可以申诉，由没有参加记录和决定的第三人复核。{appeal}"),
            *_said("逾期申诉的，说明理由，由复核人决定是否受理。"),
        ]
    return blocks, case.decided_on


def _review(case: Case, steps: list[CaseStep]) -> tuple[list[Block], dt.date | None]:
    del steps
    result = {
        ReviewOutcome.UPHELD: f"维持原决定，扣{_points(case.final_points)}分。",
        ReviewOutcome.CHANGED: f"变更原决定，扣{_points(case.final_points)}分。",
        ReviewOutcome.CANCELLED: "撤销原决定，不扣分；已经记入的予以冲回，不留在任何统计中。",
    }[ReviewOutcome(case.outcome)]
    ground = (
        f"{say_day(case.appealed_on)}收到申诉：\n{case.appeal}"
        if case.appealed_on
        else "依据的事实记录已经更正，依职权复核。"
    )
    return [
        *_said(f"对{case}一事的决定，经第三人复核，现作出如下决定。"),
        Heading(1, "一、申诉"),
        *_said(ground),
        Heading(1, "二、当时有效的规定"),
        *_said(_rule(case)),
        Heading(1, "三、复核决定及理由"),
        *_said(result),
        *_said(case.review_reason),
    ], case.reviewed_on


def _rule(case: Case) -> str:
    rule = case.rule
    number = f"（{rule['doc_no']}）" if rule.get("doc_no") else ""
    head = f"《{rule.get('document', '')}》{number}{rule.get('version', '')}，{rule.get('number', '')}"
    text = rule.get("text", "")
    said = f"规定：“{text}”" if rule.get("is_quoted") else f"（大意）：{text}"
    return f"{head}{said}\n该规定在{say_day(case.happened_on)}有效。"


def _points(points: object) -> str:
    return f"{abs(points).normalize():f}" if isinstance(points, Decimal) else "—"


def _said(text: str) -> list[Block]:
    lines: Iterable[str] = (line.strip() for line in text.splitlines())
    return [Paragraph.of(line) for line in lines if line]


def _last(steps: list[CaseStep], kind: StepKind) -> CaseStep | None:
    return next((step for step in reversed(steps) if step.kind == kind), None)
