"""Of whom a clause asks something, and whom a fact concerns: both must be the same."""

from __future__ import annotations

PERSON, BUREAU = "person", "bureau"


def misfit(subject: str, label: str, *, is_person: bool, unit_kind: str, unit: str) -> str:
    """Chinese: why a clause says nothing of whom a fact concerns, and what to do; empty where it does.

    Args:
        subject: of whom the clause asks something, as `regulations.Subject`.
        label: its Chinese name.
        is_person: whether the fact concerns somebody by name.
        unit_kind: kind of the unit that it concerns, empty without one.
        unit: Chinese name of the unit.
    """
    if subject == PERSON:
        if is_person:
            return ""
        return "是对个人的条款，要写明是谁，不能记在组织名下。请填写人员，或者改选对组织的条款。"
    if is_person:
        return f"是对{label}的条款，不能记在个人名下。请只写组织、不写人员，或者改选对个人的条款。"
    if subject not in {BUREAU, unit_kind}:
        return f"是对{label}的条款，“{unit}”不是{label}。请改选组织，或者改选别的条款。"
    return ""
