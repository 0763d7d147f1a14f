"""The form in which a gathering is recorded or corrected."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, cast

from django import forms
from django.forms.utils import ErrorDict
from django.http import QueryDict

from qizhi.core.errors import Refused
from qizhi.core.ids import new_id
from qizhi.gatherings.enums import Capacity, DatePrecision, RollState, VisitorRole
from qizhi.gatherings.forms.fields import DayField, DayInput, FilesField, HoursField, MonthField
from qizhi.gatherings.forms.lecturers import lecturer_lines
from qizhi.gatherings.forms.votes import VotesForm
from qizhi.gatherings.models import Kind
from qizhi.gatherings.queries.desk import Desk
from qizhi.gatherings.queries.names import Named, ours
from qizhi.gatherings.services import GatheringFacts, RollFact, VisitorFact
from qizhi.org.models import Person, Unit

ROLL_CHOICES = [("", "到会"), *RollState.choices]
TYPED_STATES = {
    "excused_names": RollState.EXCUSED,
    "absent_names": RollState.ABSENT,
    "made_up_names": RollState.MADE_UP,
}
NAME_FIELDS = ("chair", "auditors", "guests", *TYPED_STATES)
"""Inputs that name people, apart from `lecturers`."""
MAX_NUMBER = 10_000


@dataclass
class RollLine:
    """A person on the roll, as the form shows them.

    `preset` is the leave that put the line there, empty for none; None where a person has decided.
    """

    person: Person
    leave: str
    state: str
    reason: str = ""
    made_up_on: dt.date | str | None = None
    preset: str | None = None

    @property
    def number(self) -> str:
        """What the names of the inputs end with."""
        return self.person.staff_no

    @property
    def made_up(self) -> str:
        """The day as its input wants it."""
        day = self.made_up_on
        return day.isoformat() if isinstance(day, dt.date) else day or ""


class RecordForm(forms.Form):
    """One gathering: six inputs for an ordinary one, the rest folded away and optional."""

    id = forms.UUIDField(widget=forms.HiddenInput, initial=new_id)
    unit = forms.ChoiceField(label="组织", choices=[])
    held_on = DayField(label="日期", required=False)
    kinds = forms.MultipleChoiceField(
        label="活动类型",
        widget=forms.CheckboxSelectMultiple,
        choices=[],
        help_text="一次活动可同时选几种，登记一次即计入各自台账",
        error_messages={"required": "请至少选择一种活动类型；一次活动可以同时选几种。"},
    )
    chair = forms.CharField(label="主持人", max_length=100, required=False)
    chair_preset = forms.CharField(widget=forms.HiddenInput, max_length=100, required=False)
    seen = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)
    shown_for = forms.CharField(widget=forms.HiddenInput, max_length=20, required=False)
    topics = forms.CharField(
        label="议题",
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        help_text="一行一个；不必写成文章。行末可以写时长，例如 传达文件 40分钟",
    )
    title = forms.CharField(
        label="活动名称", max_length=120, required=False, help_text="留空则按类型和月份自动命名"
    )
    starts_at = forms.TimeField(
        label="开始时间", required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    place = forms.CharField(label="地点", max_length=80, required=False)
    hours = HoursField(
        label="学时", required=False, help_text="留空则取活动类型的默认学时；可写 1.5 或 90分钟"
    )
    series = forms.ChoiceField(label="系列", choices=[], required=False)
    month = MonthField(
        label="只记得月份", required=False, help_text="填了月份，就按“仅知月份”登记，上面的日期不再使用"
    )
    lecturers = forms.CharField(
        label="授课人",
        max_length=500,
        required=False,
        help_text="几个人用“、”隔开；同名的写工号，如 张三(0012)；外请专家写成 王教授(外单位)",
    )
    auditors = forms.CharField(
        label="联系旁听", max_length=500, required=False, help_text="机关党委委员等；他们可以在本页留下点评"
    )
    guests = forms.CharField(
        label="列席",
        max_length=500,
        required=False,
        help_text="外单位的写成 李四(外单位)；没有名册的活动，参加的人写在这里，学时和志愿服务记到本人",
    )
    minutes = forms.CharField(
        label="会议记录", max_length=20_000, widget=forms.Textarea(attrs={"rows": 6}), required=False
    )
    attachments = FilesField(
        label="附件", required=False, help_text="可不加；每个不超过 10 MB，登记后也能再加"
    )
    due_total = forms.IntegerField(label="应到人数", min_value=0, max_value=MAX_NUMBER, required=False)
    present_total = forms.IntegerField(label="实到人数", min_value=0, max_value=MAX_NUMBER, required=False)
    excused_names = forms.CharField(label="请假人员", max_length=4_000, required=False)
    absent_names = forms.CharField(label="缺席人员", max_length=4_000, required=False)
    made_up_names = forms.CharField(label="已补课人员", max_length=4_000, required=False)

    def __init__(self, *args: Any, desk: Desk, kept: Iterable[Kind] = (), **kwargs: Any) -> None:
        """Take the desk; `kept` are kinds that the gathering has already, though they may be off by now."""
        super().__init__(*args, **kwargs)
        self.desk, self.leave_preset = desk, ""
        self._offer(list(kept))
        self.votes = VotesForm(
            self.data if self.is_bound else None, prefix="votes", initial=self.initial.get("resolutions")
        )
        self.roll = [self._line(due.person, due.leave) for due in desk.due]
        if not desk.due:
            self._put_leave()
        source: Mapping[str, Any] = self.data if self.is_bound else self.initial
        self.lecturer_lines = lecturer_lines(
            desk,
            source.get("lecturers") or "",
            self.data if self.is_bound else None,
            self.initial.get("capacities") or {},
        )

    def _offer(self, kept: list[Kind]) -> None:
        """Fill the choices; only kinds that suit the unit are shown, unless they are chosen."""
        shelf, chosen = self.desk.shelf, self.desk.chosen
        choice: dict[str, Any] = {name: self.fields[name] for name in ("unit", "kinds", "series")}
        choice["unit"].choices = [(str(unit.pk), _unit_label(unit)) for unit in shelf.units]
        usable = [kind for kind in shelf.kinds if kind.is_active or kind in kept]
        choice["kinds"].choices = [(str(kind.pk), kind.name) for kind in usable]
        shown = [
            kind
            for kind in usable
            if kind in chosen.kinds
            or not chosen.unit
            or not kind.unit_kinds
            or chosen.unit.kind in kind.unit_kinds
        ]
        choice["kinds"].widget.choices = [(str(kind.pk), kind.name) for kind in shown]
        known = str(self.initial.get("series") or "")
        series = [(str(one.pk), one.name) for one in shelf.series if one.is_active or str(one.pk) == known]
        choice["series"].choices = [("", "—"), *series]
        self.fields["chair"].widget.attrs |= {"list": "people-names", "autocomplete": "off"}

    def _line(self, person: Person, leave: str) -> RollLine:
        number = person.staff_no
        if self.is_bound and f"roll-{number}" in self.data and not self._is_untouched(number):
            state = self.data[f"roll-{number}"]
            reason = self.data.get(f"reason-{number}", "") or (leave if state == RollState.EXCUSED else "")
            return RollLine(person, leave, state, reason, self.data.get(f"made-{number}") or None)
        known: Mapping[uuid.UUID, RollFact] | None = self.initial.get("roll")
        preset = RollLine(person, leave, RollState.EXCUSED if leave else "", leave, preset=leave)
        if known is None or self.is_bound:
            return preset
        fact = known.get(person.pk)
        if (fact.state, fact.reason) == (preset.state, leave) if fact else not leave:
            return preset
        return (
            RollLine(person, leave, fact.state, fact.reason, fact.made_up_on)
            if fact
            else RollLine(person, leave, "")
        )

    def _is_untouched(self, number: str) -> bool:
        """Whether a line still says what approved leave had put there, which another day may change."""
        preset = self.data.get(f"preset-{number}")
        said = self.data.get(f"roll-{number}"), self.data.get(f"reason-{number}", "")
        return preset is not None and said == (RollState.EXCUSED.value if preset else "", preset)

    def _put_leave(self) -> None:
        """Name those on leave of a long roll, unless somebody has changed what stood there."""
        names = "、".join(name for name, _ in self.desk.on_leave.values())
        self.leave_preset = names
        if not self.is_bound:
            self.initial.update(self.initial.get("typed") or {"excused_names": names})
        elif self.data.get("leave-preset") == self.data.get("excused_names", "").strip():
            self.data = data = QueryDict.copy(cast("QueryDict", self.data))
            data["excused_names"] = names

    def hold(self) -> RecordForm:
        """Show what was typed without judging it yet; returns the form itself."""
        self._errors = ErrorDict()
        self.votes.hold()
        return self

    def is_valid(self) -> bool:
        """Whether the form and its votes are good."""
        is_good = super().is_valid()
        return self.votes.is_valid() and is_good

    def clean(self) -> dict[str, Any]:
        """Find the people, read the roll, and settle day or month."""
        values = super().clean() or {}
        if not values.get("month") and not values.get("held_on") and "held_on" not in self.errors:
            self.add_error("held_on", "请填写日期；只记得月份的，在“名称、时间、地点、系列”里填月份。")
        self._find_people(values)
        self.votes.find_people(lambda text: ours(lambda: self._named(text)))
        for line in self.lecturer_lines:
            if line.said and line.said not in Capacity:
                self.add_error("lecturers", f"{line.label}的授课身份填写有误，请重新选择。")
        values["roll"] = [*self._tapped(), *self._typed(values)]
        return values

    def _find_people(self, values: dict[str, Any]) -> None:
        for name in ("chair", "lecturers", "auditors", "guests", *TYPED_STATES):
            is_own = name not in {"lecturers", "auditors", "guests"}
            try:
                found = partial(self._named, values.get(name) or "")
                values[name] = ours(found) if is_own else found()
            except Refused as error:
                self.add_error(name, error.message)
        if len(values.get("chair") or ()) > 1:
            self.add_error("chair", "主持人只填一位；其他主持人可写在会议记录里。")

    def _named(self, text: str) -> list[Named]:
        return self.desk.book.find_all(text, self.desk.near)

    def _tapped(self) -> list[RollFact]:
        facts = []
        for line in self.roll:
            if not line.state:
                continue
            if line.state not in RollState or len(line.reason) > 60:  # noqa: PLR2004 - the column's length
                self.add_error(None, f"{line.person}的到会情况填写有误，请重新选择；原因最多 60 个字。")
                continue
            facts.append(RollFact(line.person, line.state, line.reason.strip(), self._made_up(line)))
        return facts

    def _made_up(self, line: RollLine) -> dt.date | None:
        if line.state != RollState.MADE_UP:
            return None
        try:
            day: dt.date | None = DayField(required=False).clean(line.made_up_on)
        except forms.ValidationError as error:
            self.add_error(None, f"{line.person}的补课日期：{error.messages[0]}")
            return None
        return day

    def _typed(self, values: dict[str, Any]) -> list[RollFact]:
        leaves = {line.person.pk: line.leave for line in self.roll}
        leaves |= {key: word for key, (_, word) in self.desk.on_leave.items()}
        known: Mapping[uuid.UUID, RollFact] = self.initial.get("roll") or {}
        facts = []
        for name, state in TYPED_STATES.items():
            for person in values.get(name) or ():
                before = known.get(person.pk)
                same = before if before and before.state == state else None
                reason = same.reason if same else leaves.get(person.pk, "")
                is_excused = state == RollState.EXCUSED
                facts.append(
                    RollFact(
                        person, state, reason if same or is_excused else "", same.made_up_on if same else None
                    )
                )
        return facts

    def facts(self) -> GatheringFacts:
        """What a valid form says.

        Raises:
            Refused: a vote lacks a number that the roll does not give either.
        """
        values = self.cleaned_data
        shelf = self.desk.shelf
        unit = shelf.unit(values["unit"])
        if unit is None:
            raise Refused("请选择组织。", "unit")
        roll = tuple(values["roll"])
        series = next((one for one in shelf.series if str(one.pk) == values["series"]), None)
        plain = ("title", "starts_at", "place", "topics", "minutes", "hours", "due_total", "present_total")
        away = {fact.person.pk for fact in roll}
        return GatheringFacts(
            unit=unit,
            held_on=values["month"] or values["held_on"],
            precision=DatePrecision.MONTH if values["month"] else DatePrecision.DAY,
            kinds=shelf.kinds_of(values["kinds"]),
            chair=values["chair"][0] if values["chair"] else None,
            series=series,
            lecturers=tuple(line.fact for line in self.lecturer_lines),
            visitors=tuple(
                VisitorFact(one.person, one.guest_name, role)
                for name, role in (("auditors", VisitorRole.AUDITOR), ("guests", VisitorRole.GUEST))
                for one in values[name]
            ),
            roll=roll,
            resolutions=self.votes.facts(voting=self.desk.voting, away=away, is_month=bool(values["month"])),
            **{name: values[name] for name in plain},
        )


def _unit_label(unit: Unit) -> str:
    """The name, set in under its superior, with a word when it has ended."""
    indent = "　" * max(unit.path.count("/") - 2, 0)
    return f"{indent}{unit}{'（已撤销）' if unit.to_on else ''}"


__all__ = ["NAME_FIELDS", "DayInput", "RecordForm", "RollLine"]
