"""Forms for clues that are handed over."""

from __future__ import annotations

from django import forms

from qizhi.conduct.enums import ReferralOutcome
from qizhi.conduct.forms.inspections import reason
from qizhi.core.ids import new_id
from qizhi.org.forms.units import DateInput


class ReferralForm(forms.Form):
    """To whom a clue was handed over, when, by which letter."""

    id = forms.UUIDField(widget=forms.HiddenInput, initial=new_id)
    handed_on = forms.DateField(label="移交日期", widget=DateInput())
    receiver = forms.CharField(label="接收机关", max_length=60, help_text="例如“派驻纪检监察组”")
    doc_no = forms.CharField(label="移交文号", max_length=60, required=False, help_text="没有的不填")


class CorrectReferralForm(ReferralForm):
    """The same, corrected."""

    because = reason("更正的理由", help_text="例如“文号写错”")


class AnswerReferralForm(forms.Form):
    """Whether the body has taken it; what becomes of it there is written down nowhere."""

    outcome = forms.ChoiceField(
        label="答复",
        choices=[one for one in ReferralOutcome.choices if one[0]],
        widget=forms.RadioSelect,
        help_text="只登记是否受理；办理的内容不进本系统",
    )
    answered_on = forms.DateField(label="答复日期", widget=DateInput())


class WithdrawReferralForm(forms.Form):
    """Why the entry is taken back."""

    because = reason("撤销的理由", help_text="例如“登记到别的事项上”；登记和理由仍可查到")
