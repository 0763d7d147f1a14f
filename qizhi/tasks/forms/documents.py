"""Forms for documents to be finished in time: what came in, who answers, more time, the end."""

from __future__ import annotations

from typing import Any

from django import forms

from qizhi.core import clock
from qizhi.core.ids import new_id
from qizhi.org.forms.units import DateInput
from qizhi.org.models import Person
from qizhi.tasks.enums import DocumentKind, ExtensionState
from qizhi.tasks.forms.people import FindsPeople
from qizhi.tasks.models import Document, Extension, Handling
from qizhi.tasks.models.documents import MOST_WORKING_DAYS, REMIND_DAYS
from qizhi.tasks.services.documents import DocumentValues, values_of
from qizhi.tasks.services.extensions import Decision, ExtensionValues

NAME_HELP = "姓名；重名写 姓名(工号)"


class ChangeDocumentForm(forms.Form):
    """A document to correct; who answers for it is corrected where the hand-overs stand."""

    title = forms.CharField(label="标题", max_length=200)
    number = forms.CharField(label="文号", max_length=60, required=False, help_text="没有的空着")
    sender = forms.CharField(label="来文单位", max_length=80, required=False)
    received_on = forms.DateField(label="收文日期", widget=DateInput())
    working_days = forms.IntegerField(
        label="几个工作日内办结",
        min_value=1,
        max_value=MOST_WORKING_DAYS,
        required=False,
        help_text="从收文次日数起",
    )
    due_on = forms.DateField(
        label="或办结期限", widget=DateInput(), required=False, help_text="来文写明日期的填这里，二者填一个"
    )
    kind = forms.ChoiceField(label="类别", choices=DocumentKind.choices)
    remind_days = forms.IntegerField(
        label="提前几个工作日提醒", min_value=0, max_value=60, help_text="在承办人首页和列表里提醒"
    )
    note = forms.CharField(label="备注", max_length=200, required=False)

    @property
    def values(self) -> DocumentValues:
        """What was filled in; only after `is_valid`."""
        known = self.cleaned_data
        return DocumentValues(**{name: known[name] for name in DocumentValues.__dataclass_fields__})

    @property
    def first_fields(self) -> list[forms.BoundField]:
        """What is asked of every document."""
        return [self[name] for name in self.fields if name not in {"kind", "remind_days", "note", "id"}]

    @property
    def more_fields(self) -> list[forms.BoundField]:
        """What hardly anybody has to touch."""
        return [self[name] for name in ("kind", "remind_days", "note")]


class DocumentForm(FindsPeople, ChangeDocumentForm):
    """A document to take into the register: six inputs in the ordinary case."""

    id = forms.UUIDField(widget=forms.HiddenInput, initial=new_id)
    handler = forms.CharField(label="承办人", max_length=60, help_text=NAME_HELP)

    field_order = ("id", "title", "number", "sender", "received_on", "handler")

    def clean_handler(self) -> Person | None:
        """The person named."""
        return self.found("handler")


def first_values() -> dict[str, Any]:
    """What a new document starts from."""
    return {"received_on": clock.today(), "kind": DocumentKind.INCOMING, "remind_days": REMIND_DAYS}


def filled(document: Document) -> dict[str, Any]:
    """What the form of a known document starts from."""
    return dict(vars(values_of(document)))


class EndDocumentForm(forms.Form):
    """That a document is finished."""

    on = forms.DateField(label="办结日期", widget=DateInput(), help_text="补登的填实际办结的那一天")
    result = forms.CharField(label="办理结果", max_length=200, required=False)


class WithdrawDocumentForm(forms.Form):
    """Why a document is taken out of every count."""

    because = forms.CharField(label="撤销原因", max_length=120)


class HandOverForm(FindsPeople):
    """Who answers from which day on."""

    handler = forms.CharField(label="承办人", max_length=60, help_text=NAME_HELP)
    on = forms.DateField(
        label="从哪天起", widget=DateInput(), help_text="这一天起由新的承办人负责，此前仍由原承办人负责"
    )
    because = forms.CharField(label="转办原因", max_length=120, required=False)

    def clean_handler(self) -> Person | None:
        """The person named."""
        return self.found("handler")


def handing(handling: Handling) -> dict[str, Any]:
    """What the form of a known hand-over starts from."""
    return {"handler": named(handling.person), "on": handling.from_on, "because": handling.because}


def named(person: Person) -> str:
    """A person as forms and tables name them."""
    return f"{person.name}({person.staff_no})"


class ChangeExtensionForm(forms.Form):
    """The days of a request that still waits."""

    until = forms.DateField(label="申请延至", widget=DateInput())
    because = forms.CharField(label="延期原因", max_length=200)
    asked_on = forms.DateField(
        label="申请日期", widget=DateInput(), help_text="要在办结期限内；补登的填当时申请的那一天"
    )

    @property
    def values(self) -> ExtensionValues:
        """What was filled in; only after `is_valid`."""
        known = self.cleaned_data
        return ExtensionValues(**{name: known[name] for name in ExtensionValues.__dataclass_fields__})


class AskExtensionForm(ChangeExtensionForm):
    """More time to ask for."""

    id = forms.UUIDField(widget=forms.HiddenInput, initial=new_id)


class DecideExtensionForm(FindsPeople):
    """What is decided of it."""

    state = forms.ChoiceField(
        label="决定",
        choices=[(one.value, one.label) for one in (ExtensionState.APPROVED, ExtensionState.REFUSED)],
    )
    approved_until = forms.DateField(
        label="批准延至", widget=DateInput(), required=False, help_text="可以和申请的日期不同"
    )
    decided_on = forms.DateField(label="批准日期", widget=DateInput())
    decided_by = forms.CharField(label="批准人", max_length=60, help_text=NAME_HELP)
    words = forms.CharField(
        label="批准意见", max_length=200, required=False, help_text="不批准的必须写明理由，承办人会看到"
    )

    def clean_decided_by(self) -> Person | None:
        """The person named."""
        return self.found("decided_by")

    @property
    def decision(self) -> Decision:
        """What was filled in; only after `is_valid`."""
        known = self.cleaned_data
        return Decision(
            is_approved=known["state"] == ExtensionState.APPROVED,
            decided_on=known["decided_on"],
            decided_by=known["decided_by"],
            until=known["approved_until"],
            words=known["words"],
        )


class ChangeDecisionForm(DecideExtensionForm, ChangeExtensionForm):
    """The days of a request and of what was decided of it."""

    field_order = ("until", "because", "asked_on")


def asked(extension: Extension) -> dict[str, Any]:
    """What the form of a known request starts from."""
    names = ("until", "because", "asked_on", "state", "approved_until", "decided_on", "words")
    known = {name: getattr(extension, name) for name in names}
    return {**known, "decided_by": named(extension.decided_by) if extension.decided_by else ""}
