"""Resolutions and their votes, a few rows at a time."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from django import forms
from django.forms.utils import ErrorDict, ErrorList

from qizhi.core.errors import Refused
from qizhi.gatherings.enums import Threshold
from qizhi.gatherings.rules import VotingRoll
from qizhi.gatherings.services import ResolutionFact
from qizhi.org.models import Person

MAX_ROWS = 50
NUMBERS = ("due", "present", "yes", "no", "abstained", "written_yes")
BALLOTS = ("ballots_issued", "ballots_returned", "candidates", "seats", "elected")


def _number(label: str, hint: str = "") -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=0, max_value=10_000, required=False, help_text=hint)


class VoteForm(forms.Form):
    """One resolution; left empty it says nothing."""

    found: Person | None = None
    """Whom the resolution concerns, once `VotesForm.find_people` has looked."""
    title = forms.CharField(label="事项", max_length=120, required=False)
    threshold = forms.ChoiceField(
        label="表决规则", choices=Threshold.choices, initial=Threshold.ORDINARY, required=False
    )
    due = _number("应到有表决权人数", "留空按名册")
    present = _number("实到有表决权人数", "留空按名册")
    person = forms.CharField(
        label="讨论对象", max_length=60, required=False, help_text="仅用于接收（转正）党员，一项只写一人"
    )
    yes = _number("赞成")
    no = _number("反对")
    abstained = _number("弃权")
    written_yes = _number("会前书面赞成", "仅用于接收（转正）党员")
    ballots_issued = _number("发出选票", "仅用于选举")
    ballots_returned = _number("收回选票", "仅用于选举")
    candidates = _number("候选人数", "仅用于选举，可不填")
    seats = _number("应选人数", "仅用于选举，可不填")
    elected = _number("当选人数", "仅用于选举，可不填")

    def hold(self) -> ErrorDict:
        """Show what was typed without judging it yet."""
        self._errors = ErrorDict()
        return self._errors

    @property
    def numbers(self) -> list[forms.BoundField]:
        """What every vote counts."""
        return [self[name] for name in NUMBERS if name != "written_yes"]

    @property
    def ballots(self) -> list[forms.BoundField]:
        """What only elections count."""
        return [self[name] for name in BALLOTS]

    @property
    def place(self) -> str:
        """Which one it is, as its heading says."""
        return f"第 {int((self.prefix or '-0').rsplit('-', 1)[1]) + 1} 项"

    @property
    def is_empty(self) -> bool:
        """Whether nothing was typed."""
        values = self.cleaned_data
        numbers = all(values.get(name) is None for name in (*NUMBERS, *BALLOTS))
        return numbers and not values.get("title") and not values.get("person")

    def clean(self) -> dict[str, Any]:
        """A row that says something says what and how many voted yes."""
        values = super().clean() or {}
        if self.errors or self.is_empty:
            return values
        if not values.get("title"):
            self.add_error("title", "请写明表决的事项；不需要这一行的，把数字也清空。")
        issued, returned = values.get("ballots_issued"), values.get("ballots_returned")
        is_void = issued is not None and returned is not None and returned > issued
        if values.get("yes") is None and not is_void:
            self.add_error("yes", "请填写赞成票数。")
        return values


def left_to_roll(
    rows: Iterable[Mapping[str, Any]], voting: VotingRoll, away: Collection[uuid.UUID]
) -> list[dict[str, Any]]:
    """Votes to be corrected: a number that the voting roll gives by itself is empty and follows the roll."""
    found = []
    for row in rows:
        due = voting.due_for(row["threshold"])
        given = {"due": len(due), "present": len(due.difference(away))} if due else {}
        found.append({name: None if value == given.get(name, -1) else value for name, value in row.items()})
    return found


class VotesForm(forms.BaseFormSet):  # type: ignore[type-arg]
    """All resolutions of a gathering."""

    form = VoteForm
    renderer = forms.renderers.get_default_renderer()
    min_num = 0
    extra = 6
    max_num = MAX_ROWS
    absolute_max = MAX_ROWS + 10
    can_order = can_delete = can_delete_extra = False
    validate_min = validate_max = edit_only = False

    def hold(self) -> None:
        """Show what was typed without judging it yet."""
        self._errors = [form.hold() for form in self.forms]
        self._non_form_errors = ErrorList()

    def find_people(self, find: Callable[[str], list[Person]]) -> None:
        """Find whom the admissions concern; nobody, or several people, is told in its row."""
        if not self.is_valid():
            return
        for form in self.forms:
            try:
                found = find(form.cleaned_data.get("person") or "")
            except Refused as error:
                form.add_error("person", error.message)
                continue
            if len(found) > 1:
                form.add_error(
                    "person", "接收（转正）党员要逐个讨论、逐个表决，一项只写一人；其他人请另列一项。"
                )
            form.found = found[0] if found else None
            if not found and form.cleaned_data.get("threshold") == Threshold.ADMISSION and not form.is_empty:
                form.add_error("person", "请写明讨论对象：接收（转正）党员要逐个讨论、逐个表决，一项写一人。")

    def facts(
        self, *, voting: VotingRoll, away: Collection[uuid.UUID], is_month: bool = False
    ) -> tuple[ResolutionFact, ...]:
        """The resolutions; numbers left empty are those of the voting roll, less the voters who were away.

        Raises:
            Refused: the roll does not give the number either.
        """
        found = []
        for form in self.forms:
            values = form.cleaned_data
            if not values or form.is_empty:
                continue
            threshold = values["threshold"] or Threshold.ORDINARY
            due = voting.due_for(threshold)
            if not due and values["due"] is None:
                why = "只知月份，没有当天的名册" if is_month else "按所选组织和日期查不到有表决权的党员"
                said = f"决议“{values['title']}”缺少应到有表决权人数：{why}。请填写应到、实到有表决权人数。"
                raise Refused(said, "resolutions")
            defaults = {"due": len(due), "present": len(due.difference(away))}
            numbers = {
                name: defaults.get(name, 0) if values[name] is None else values[name] for name in NUMBERS
            }
            ballots = {name: values[name] for name in BALLOTS}
            title = values["title"]
            found.append(
                ResolutionFact(title=title, threshold=threshold, person=form.found, **numbers, **ballots)
            )
        return tuple(found)

    @property
    def is_used(self) -> bool:
        """Whether there is anything to show."""
        return bool(self.is_bound and any(form.has_changed() for form in self.forms)) or bool(self.initial)
