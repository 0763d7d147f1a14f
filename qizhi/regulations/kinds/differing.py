"""In what two findings of one matter differ, in words: the sentence alone may read the same."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from qizhi.core.audit import Change, differing
from qizhi.regulations.enums import Verdict
from qizhi.regulations.kinds.base import kind_by_key
from qizhi.regulations.kinds.parameters import say_parameters
from qizhi.regulations.kinds.words import say_evidence

RECORDS = Change("原始记录", "原来所依据的记录", "另一条记录，文字相同")
"""What is left where no word differs: the rows behind the facts are others."""


def say_differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """What differs between two findings of one slot; of long values the part that does.

    Args:
        before: `verdict`, `points`, `required`, `actual` and `evidence` of the one that stands.
        after: the same of the one that would stand.
    """
    old, new = _parts(before), _parts(after)
    found = [
        Change(label, *differing(old.get(label) or "—", new.get(label) or "—"))
        for label in dict.fromkeys([*old, *new])
        if old.get(label, "") != new.get(label, "")
    ]
    return found or [RECORDS]


def say_verdict(verdict: str, points: Decimal) -> str:
    """The verdict as people read it: what costs points is no duty that was missed."""
    return "不符合" if verdict == Verdict.VIOLATED and points else str(Verdict(verdict).label)


def _cite(rule: Mapping[str, Any]) -> str:
    number = f"，{rule['number']}" if rule.get("number") else ""
    return f"《{rule.get('document', '')}》{rule.get('version', '')}{number}"


def _parts(values: Mapping[str, Any]) -> dict[str, str]:
    """The values by their names, in the order in which people read them."""
    evidence = values["evidence"]
    rule, facts = evidence.get("rule", {}), evidence.get("facts", {})
    kind = kind_by_key(rule.get("kind", ""))
    said = {
        "依据": _cite(rule),
        "条文": rule.get("text", ""),
        "结论": say_verdict(values["verdict"], Decimal(values["points"])),
        "分值": f"{Decimal(values['points']).normalize():f}",
        "应当": values["required"],
        "实际": values["actual"],
    }
    schema = kind.parameters if kind else ()
    more = [
        *say_parameters(schema, {one.name: one.default for one in schema} | rule.get("parameters", {})),
        *say_evidence(rule.get("kind", ""), facts),
    ]
    return said | {label: value for label, value in more if label not in said}
