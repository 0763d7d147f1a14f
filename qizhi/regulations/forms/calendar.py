"""The form of a calendar paper."""

from __future__ import annotations

from typing import Any

from django import forms

from qizhi.core.ids import new_id
from qizhi.org.forms.units import DateInput
from qizhi.regulations.enums import CalendarScope, Confirmation
from qizhi.regulations.rules import read_head, read_notice, read_number

FIRST_YEAR, LAST_YEAR = 1999, 2199


class PaperForm(forms.Form):
    """A notice on holidays: paste its words, the days are read from them."""

    id = forms.UUIDField(widget=forms.HiddenInput, initial=new_id, required=False)
    year = forms.IntegerField(label="年份", min_value=FIRST_YEAR, max_value=LAST_YEAR)
    scope = forms.ChoiceField(
        label="层级", choices=CalendarScope, help_text="没有全国通知的年份一律未知；地区、本单位只改个别日子"
    )
    title = forms.CharField(label="标题", max_length=200)
    doc_no = forms.CharField(
        label="文号",
        max_length=60,
        required=False,
        help_text="留空的，从下面粘贴的文字里读出，例如“国办发明电〔2017〕12号”；不确定时写“待核”",
    )
    published_on = forms.DateField(
        label="印发日期", widget=DateInput(), required=False, help_text="留空的，从粘贴的文字末尾读出"
    )
    confirmed_until = forms.DateField(
        label="确认至",
        widget=DateInput(),
        required=False,
        help_text="不填为当年12月31日；通知没有说到的节日起仍按未知处理",
    )
    confirmation = forms.ChoiceField(label="核对状态", choices=Confirmation, initial=Confirmation.SEEN)
    notice = forms.CharField(
        label="放假安排",
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text="可以把通知全文粘贴进来，例如“二、春节：2月15日至21日放假调休，共7天。2月11日（星期日）上班。”",
    )

    def clean(self) -> dict[str, Any]:
        """Say what of the words cannot be read, sentence by sentence, and keep the paper inside its year."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        year, until = values.get("year"), values.get("confirmed_until")
        if year and until and until.year != year:
            self.add_error("confirmed_until", f"确认至应当是{year}年内的一天。")
        if not values.get("doc_no") and "doc_no" not in self.errors:
            values["doc_no"] = read_number(values.get("notice") or "")[:60]
            if not values["doc_no"]:
                self.add_error("doc_no", "没有填写文号，粘贴的文字里也没有读出。请填写；不确定时写“待核”。")
        if year and values.get("notice") and self._is_of_year(year, values):
            for problem in read_notice(values["notice"], year).problems:
                self.add_error("notice", problem)
        return values

    def _is_of_year(self, year: int, values: dict[str, Any]) -> bool:
        """Whether the words are of the asked year; what else they say fills what was left empty."""
        head = read_head(values["notice"])
        if head.year is not None and head.year != year:
            message = (
                f"粘贴的通知是{head.year}年的，这里填的是{year}年，没有保存。"
                f"请把年份（和标题）改为{head.year}年，或换成{year}年的通知。"
            )
            self.add_error("year", message)
            return False
        values["published_on"] = values.get("published_on") or head.signed_on
        return True


class RemovePaperForm(forms.Form):
    """Why a notice is taken away."""

    because = forms.CharField(
        label="删除的理由", max_length=200, help_text="例如“重复录入”；会留在变更记录里"
    )
