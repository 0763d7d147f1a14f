"""Steps of cases: drafted, told, answered, decided, appealed, reviewed, final."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from qizhi.conduct.models import Case
from qizhi.conduct.services.appeals import admit_appeal, appeal_case, finalize_case, review_case
from qizhi.conduct.services.correcting import notify_again
from qizhi.conduct.services.drafts import draft_case, drop_case, facts_of_finding, facts_of_observation
from qizhi.conduct.services.hearing import decide_case, notify_case, state_case
from qizhi.core.permissions import Actor
from qizhi.web.stories.facts import Act
from qizhi.web.stories.finding import finding_of
from qizhi.web.stories.reading import Step
from qizhi.web.stories.stage import Stage
from qizhi.web.stories.words import DECISIONS, OUTCOMES

SAID = "事实如此"
CASE = "事项"


def draft(stage: Stage, step: Step) -> str:
    """A case is drafted of a finding or an observation; it goes by the same words from then on."""
    despite = step.details.get("理由", "")
    if step.subject in stage.observations:
        row = stage.observations[step.subject]
        row.refresh_from_db()
        facts = facts_of_observation(row, despite)
    else:
        facts = facts_of_finding(finding_of(stage, step.subject), despite)
    if "分值" in step.details:
        facts = replace(facts, points=step.details["分值"])
    stage.cases[step.subject] = draft_case(facts, by=_by(stage, step, "记录人"))
    return ""


def _by(stage: Stage, step: Step, usually: str) -> Actor:
    return stage.by(step.details.get("由", usually))


def _case(stage: Stage, step: Step) -> Case:
    return stage.known(stage.cases, step.subject, CASE)


def _concerned(stage: Stage, step: Step) -> str:
    person = _case(stage, step).person
    return person.name if person else "记录人"


def _step(act: Callable[..., Any], usually: str, values: Callable[[Step], Mapping[str, Any]]) -> Act:
    def do(stage: Stage, step: Step) -> str:
        actor = _by(stage, step, usually or _concerned(stage, step))
        act(_case(stage, step), by=actor, **values(step))
        return ""

    return do


def _why(step: Step) -> str:
    reason: str = step.details.get("理由", SAID)
    return reason


CASES: Mapping[str, Act] = {
    "立案": draft,
    "撤回立案": _step(drop_case, "记录人", lambda step: {"reason": _why(step)}),
    "告知": _step(notify_case, "记录人", lambda step: {"notified_on": step.day}),
    "更正告知": _step(notify_again, "记录人", lambda step: {"notified_on": step.day}),
    "陈述": _step(state_case, "", lambda step: {"text": _why(step), "stated_on": step.day}),
    "决定": _step(
        decide_case,
        "决定人",
        lambda step: {
            "decision": DECISIONS[step.details["结论"]],
            "reason": _why(step),
            "decided_on": step.day,
        },
    ),
    "申诉": _step(appeal_case, "", lambda step: {"text": _why(step), "appealed_on": step.day}),
    "逾期申诉": _step(
        admit_appeal,
        "复核人",
        lambda step: {"is_admitted": step.details["结论"] == "受理", "reason": _why(step)},
    ),
    "复核": _step(
        review_case,
        "复核人",
        lambda step: {
            "outcome": OUTCOMES[step.details["结论"]],
            "points": step.details.get("分值"),
            "reason": _why(step),
            "reviewed_on": step.day,
        },
    ),
    "生效": _step(finalize_case, "记录人", lambda _: {}),
}
