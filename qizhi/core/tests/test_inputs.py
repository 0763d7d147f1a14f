"""What an input says of what cannot be taken: what is wrong and what to do, in no programmer's words."""

from __future__ import annotations

import pytest
from django import forms


class Everything(forms.Form):
    """An input of each sort."""

    code = forms.SlugField(max_length=8)
    number = forms.IntegerField(min_value=1, max_value=9)
    share = forms.DecimalField(max_digits=3, decimal_places=1)
    day = forms.DateField()
    choice = forms.ChoiceField(choices=[("a", "甲")])
    choices = forms.MultipleChoiceField(choices=[("a", "甲")])
    key = forms.UUIDField()
    words = forms.CharField(min_length=2, max_length=3)


@pytest.mark.parametrize(
    ("name", "typed", "said"),
    [
        ("code", "学习规定", "代码只能用英文字母、数字、横线和下划线"),
        ("code", "far-too-long", "最多8个字，现在有12个。请缩短。"),
        ("number", "0", "不能小于1。请改为1或更大的数。"),
        ("number", "10", "不能大于9。请改为9或更小的数。"),
        ("number", "一", "这里只能填整数"),
        ("share", "一半", "这里只能填数字"),
        ("share", "1.25", "小数点后最多1位。请改短。"),
        ("share", "123.4", "最多3位数字。请改短。"),
        ("share", "NaN", "这里只能填数字"),
        ("day", "2018-02-30", "没有读懂这个日期"),
        ("choice", "b", "“b”不在可选的项目里"),
        ("choices", ["b"], "“b”不在可选的项目里"),
        ("key", "1", "请重新打开这一页"),
        ("words", "一", "至少要2个字，现在有1个。请补充。"),
        ("words", "一二三四", "最多3个字，现在有4个。请缩短。"),
        ("words", "", "这一项必填，还没有填写。"),
    ],
)
def test_what_is_wrong_is_said_with_what_to_do(name, typed, said):
    told = "".join(str(one) for one in Everything({name: typed}).errors[name])
    assert said in told
    for word in ("确保", "字段", "有效", "变量"):
        assert word not in told


def test_a_document_whose_code_is_chinese_is_told_in_our_words(cast):
    page = cast.client("officer").post("/regulations/new/", {"code": "学习规定"}).content.decode()
    assert "代码只能用英文字母" in page
    assert "字段" not in page
