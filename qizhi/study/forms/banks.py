"""Forms for banks, their questions, and files of questions."""

from __future__ import annotations

from typing import Any

from django import forms

from qizhi.core.ids import new_id
from qizhi.study.enums import QuestionShape
from qizhi.study.gateways.question_table import question_from
from qizhi.study.models import BankQuestion
from qizhi.study.rules import questions as rules
from qizhi.study.rules.questions import LETTERS, Question, Shape

MAX_BYTES = 5 * 1024 * 1024


class BankForm(forms.Form):
    """A bank."""

    id = forms.UUIDField(widget=forms.HiddenInput, initial=new_id, required=False)
    name = forms.CharField(label="名称", max_length=60)
    note = forms.CharField(label="说明", max_length=200, required=False)
    is_open = forms.BooleanField(
        label="开放自测",
        required=False,
        help_text="开放后任何人都可以从中抽题自测；用于竞赛的题库赛前不要开放",
    )


class QuestionForm(forms.Form):
    """A question, written as it stands in a table."""

    id = forms.UUIDField(widget=forms.HiddenInput, initial=new_id, required=False)
    shape = forms.ChoiceField(label="题型", choices=QuestionShape.choices)
    text = forms.CharField(label="题干", max_length=rules.MOST_TEXT, widget=forms.Textarea(attrs={"rows": 3}))
    choices = forms.CharField(
        label="选项",
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="每行一个，不用写 A、B、C；判断题和简答题不填",
    )
    answer = forms.CharField(
        label="答案",
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="选项的字母（多选如 ACD）、对或错；简答题每行写一个可接受的答案",
    )
    explanation = forms.CharField(
        label="解析",
        max_length=rules.MOST_EXPLANATION,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    clause = forms.CharField(
        label="依据", max_length=rules.MOST_CLAUSE, required=False, help_text="例如《中国共产党章程》第三十条"
    )
    topic = forms.CharField(label="主题", max_length=rules.MOST_TOPIC, required=False)
    code = forms.CharField(
        label="编号", max_length=rules.MOST_CODE, required=False, help_text="以后从文件改题时用它认出同一道题"
    )

    @staticmethod
    def initial_of(row: BankQuestion) -> dict[str, Any]:
        """What the form shows of a question that is there."""
        question = row.value
        is_truth = question.shape is Shape.TRUE_FALSE
        return {
            "id": row.pk,
            "shape": question.shape.value,
            "text": question.text,
            "choices": "" if is_truth else "\n".join(question.choices),
            "answer": row.key_said if is_truth else question.right or "\n".join(question.accepted),
            "explanation": question.explanation,
            "clause": question.clause,
            "topic": question.topic,
            "code": question.code,
        }

    def question(self) -> Question:
        """The question that was written."""
        values = dict(self.cleaned_data)
        choices = rules.lines(values.pop("choices")).split("\n")[: len(LETTERS)]
        values |= {f"choice_{letter}": one for letter, one in zip(LETTERS, choices, strict=False)}
        return question_from({**values, "answer": rules.lines(values["answer"])})


class UploadForm(forms.Form):
    """A file of questions."""

    file = forms.FileField(
        label="选择文件",
        help_text="GIFT、Aiken 文本（UTF-8、GB18030 均可），或 XLSX、CSV 表格，不超过 5 MB",
        error_messages={
            "required": "还没有选择文件。请选择要导入的题目文件。",
            "empty": "这个文件是空的。请检查是否选错了文件。",
        },
    )

    def clean_file(self) -> forms.FileField:
        """Refuse what is too large to be questions."""
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            message = "文件超过 5 MB。请删去图片，或分成几个文件再传。"
            raise forms.ValidationError(message)
        kept: forms.FileField = file
        return kept
