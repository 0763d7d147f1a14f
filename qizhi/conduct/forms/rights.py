"""Forms for requests of correction, codes on paper, statements and appeals."""

from __future__ import annotations

from django import forms

from qizhi.conduct.enums import CorrectionStatus
from qizhi.conduct.forms.cases import AppealForm, StatementForm
from qizhi.conduct.forms.registers import NamesPeople, PersonField
from qizhi.conduct.rules.codes import MOST_DAYS, VALID_DAYS
from qizhi.conduct.services.rights import new_code
from qizhi.core.ids import new_id

MOST_WORDS = 4000


class AskCorrectionForm(forms.Form):
    """What is wrong with a record about oneself."""

    id = forms.UUIDField(widget=forms.HiddenInput, initial=new_id)
    about = forms.CharField(label="哪条记录", max_length=200, help_text="例如：2017年11月党课的缺席登记")
    text = forms.CharField(
        label="哪里不对、应是什么", max_length=MOST_WORDS, widget=forms.Textarea(attrs={"rows": 5})
    )


class AnswerCorrectionForm(forms.Form):
    """The office's answer."""

    status = forms.ChoiceField(
        label="结果",
        choices=[one for one in CorrectionStatus.choices if one[0] != CorrectionStatus.WAITING],
        help_text="选“已更正”前，请先到那条记录的页面改好",
    )
    answer = forms.CharField(label="答复", max_length=MOST_WORDS, widget=forms.Textarea(attrs={"rows": 4}))


class MakeCodeForm(NamesPeople):
    """For whom a code is made. The code travels in the form, so that a double click prints the same one."""

    id = forms.UUIDField(widget=forms.HiddenInput, initial=new_id)
    code = forms.CharField(widget=forms.HiddenInput, initial=new_code, max_length=40)
    person = PersonField(label="给谁", help_text="姓名或工号")
    days = forms.IntegerField(
        label="有效天数",
        min_value=1,
        max_value=MOST_DAYS,
        initial=VALID_DAYS,
        help_text="过期作废，用一次也作废",
    )


class OpenOwnPageForm(forms.Form):
    """A code that was printed."""

    code = forms.CharField(
        label="查询码",
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
        help_text="纸条上的 16 位字母和数字，大小写、空格和短横都不要紧",
    )


class OwnStatementForm(StatementForm):
    """One's side of a case, said today."""

    stated_on = None  # type: ignore[assignment] # Django takes an inherited field away

    @property
    def words(self) -> str:
        """What was said; only after `is_valid`."""
        return str(self.cleaned_data["statement"])


class OwnAppealForm(AppealForm):
    """An appeal, made today."""

    appealed_on = None  # type: ignore[assignment]

    @property
    def words(self) -> str:
        """What was said; only after `is_valid`."""
        return str(self.cleaned_data["appeal"])
