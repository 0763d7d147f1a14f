"""Forms for contests, their teams and rounds, and the answers of teams."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from qizhi.core.ids import new_id
from qizhi.org.forms.units import DateInput
from qizhi.study.enums import RoundPace
from qizhi.study.services.contests import RoundFacts

MOST_TEAMS = 60


class ContestForm(forms.Form):
    """A contest."""

    id = forms.UUIDField(widget=forms.HiddenInput, initial=new_id, required=False)
    name = forms.CharField(label="名称", max_length=80)
    held_on = forms.DateField(label="日期", widget=DateInput())
    note = forms.CharField(label="说明", max_length=200, required=False)


class TeamsForm(forms.Form):
    """The teams, one a line."""

    teams = forms.CharField(
        label="参赛队",
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="每行一队，按固定顺序；队员可以不写，写在冒号后面，例如“机关一队：张三、李四”",
    )

    def clean_teams(self) -> list[tuple[str, str]]:
        """Names with members; no name twice."""
        found: dict[str, str] = {}
        for row in self.cleaned_data["teams"].replace(":", "：").split("\n"):
            name, _, members = (part.strip() for part in row.partition("："))
            if not name:
                continue
            if name in found:
                message = f"“{name}”写了两次，请改成不同的队名。"
                raise forms.ValidationError(message)
            if len(name) > 40 or len(members) > 200:  # noqa: PLR2004 - the columns of the table
                message = f"“{name[:20]}”一行太长：队名最多 40 字，队员最多 200 字。"
                raise forms.ValidationError(message)
            found[name] = members
        if len(found) > MOST_TEAMS:
            message = f"最多 {MOST_TEAMS} 队，现在有 {len(found)} 队。"
            raise forms.ValidationError(message)
        return list(found.items())


class RoundForm(forms.Form):
    """The times and worth of a round."""

    name = forms.CharField(label="名称", max_length=40)
    pace = forms.ChoiceField(label="出题方式", choices=RoundPace.choices)
    points = forms.IntegerField(label="每题分值", min_value=1, max_value=1000, initial=10)
    seconds = forms.IntegerField(
        label="每题秒数", min_value=5, max_value=3600, required=False, help_text="空着不限时；自动出题必填"
    )
    opens_at = forms.DateTimeField(
        label="开始时间",
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text="到时自动开始；空着由主持人开始",
    )
    closes_at = forms.DateTimeField(
        label="截止时间",
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text="到时自动截止；空着由主持人结束",
    )

    def facts(self) -> RoundFacts:
        """The round that was filled in."""
        values = self.cleaned_data
        names = ("name", "pace", "points", "seconds", "opens_at", "closes_at")
        return RoundFacts(**{name: values[name] for name in names})


class NewRoundForm(RoundForm):
    """A round with the bank from which its questions are drawn."""

    id = forms.UUIDField(widget=forms.HiddenInput, initial=new_id)
    source = forms.ChoiceField(label="题库和主题", choices=())
    number = forms.IntegerField(label="题数", min_value=1, max_value=100, initial=10)

    def __init__(self, *args: Any, sources: Sequence[Any], **kwargs: Any) -> None:
        """Take the banks and topics there are."""
        super().__init__(*args, **kwargs)
        self.fields["source"].choices = sources  # type: ignore[attr-defined]


class KeyForm(forms.Form):
    """The corrected key of a question that was asked."""

    answer = forms.CharField(
        label="正确答案",
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="选项的字母，例如 B 或 ACD；简答题每行写一个可接受的答案",
    )
    is_void = forms.BooleanField(label="这道题作废，各队都不计分", required=False)
    because = forms.CharField(label="更正原因", max_length=200)


class TeamAnswerForm(forms.Form):
    """An answer as the team's page sends it."""

    id = forms.UUIDField()
    question = forms.UUIDField()
    number = forms.IntegerField(min_value=1, max_value=100_000)
