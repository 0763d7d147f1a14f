"""Input of the front of the house."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.db.models import QuerySet

from qizhi.core.ids import new_id
from qizhi.org.models import Unit
from qizhi.web.models import FeedScope

MAX_BYTES = 20 * 1024 * 1024


MOST_PASTED = 500_000
PASTED = "粘贴的表格.csv"


class UploadForm(forms.Form):
    """A table to import: a file, or rows copied out of a spreadsheet."""

    file = forms.FileField(
        label="选择文件",
        required=False,
        help_text="XLSX、XLS 或 CSV（UTF-8、GB18030 均可），不超过 20 MB",
        error_messages={"empty": "这个文件是空的。请检查是否选错了文件。"},
    )
    pasted = forms.CharField(
        label="或者粘贴表格",
        required=False,
        max_length=MOST_PASTED,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
        help_text="在表格软件里选中要导入的行，连同列名一起复制，粘贴到这里",
    )

    def clean_file(self) -> forms.FileField:
        """Refuse what is too large to be a table of an office."""
        file = self.cleaned_data["file"]
        if file and file.size > MAX_BYTES:
            message = f"文件有 {file.size / 1024 / 1024:.1f} MB，超过 20 MB。请删去图片或分成几个文件再传。"
            raise forms.ValidationError(message)
        kept: forms.FileField = file
        return kept

    def clean(self) -> dict[str, Any]:
        """One of the two."""
        values: dict[str, Any] = super().clean() or {}
        has_pasted = bool((values.get("pasted") or "").strip())
        if not self.errors and not values.get("file") and not has_pasted:
            self.add_error("file", "还没有选择文件，也没有粘贴内容。请选择要导入的表格，或把它粘贴在下面。")
        elif values.get("file") and has_pasted:
            self.add_error("pasted", "既选了文件，又粘贴了内容，不知道该读哪一份。请只留一样。")
        return values

    @property
    def table(self) -> tuple[str, bytes]:
        """Name and content of what a valid form holds."""
        file = self.cleaned_data["file"]
        if file:
            return str(file.name), file.read()
        return PASTED, str(self.cleaned_data["pasted"]).encode()


class RestoreForm(forms.Form):
    """An archive to take into an empty copy, and the account that will be able to log in."""

    archive = forms.FileField(
        label="归档文件（zip）", error_messages={"required": "还没有选择文件。请选择“全库导出”得到的 zip。"}
    )
    username = forms.CharField(
        label="用哪个账号登录", max_length=60, help_text="归档里已有的用户名；导出时不带密码"
    )
    password = forms.CharField(
        label="为它设新密码", widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def clean_password(self) -> str:
        """Apply Django's own checks."""
        password: str = self.cleaned_data["password"]
        validate_password(password)
        return password


def new_token() -> str:
    """A secret that nobody guesses (256 bits); the form carries it, so that a double click shows the same."""
    return secrets.token_urlsafe(32)


class FeedForm(forms.Form):
    """A calendar to subscribe to."""

    id = forms.UUIDField(widget=forms.HiddenInput, initial=new_id)
    token = forms.RegexField(r"^[A-Za-z0-9_-]{43}$", widget=forms.HiddenInput, initial=new_token)
    scope = forms.ChoiceField(label="谁的日历")
    unit = forms.ModelChoiceField(
        Unit.objects.none(),
        label="组织",
        required=False,
        empty_label="—",
        help_text="只在选择“一个组织”时填写",
    )

    def __init__(self, *args: Any, units: QuerySet[Unit], scopes: Sequence[str], **kwargs: Any) -> None:
        """Take the units and scopes that are open to the person."""
        super().__init__(*args, **kwargs)
        self.fields["scope"].choices = [  # type: ignore[attr-defined]
            (scope.value, scope.label) for scope in FeedScope if scope in scopes
        ]
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A unit's calendar names the unit."""
        values: dict[str, Any] = super().clean() or {}
        if values.get("scope") == FeedScope.UNIT and not values.get("unit") and "unit" not in self.errors:
            self.add_error("unit", "请选择组织。")
        return values


class OwnPasswordForm(forms.Form):
    """The own password, changed by whoever knows it."""

    old = forms.CharField(
        label="现在的密码", widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
    new = forms.CharField(
        label="新密码",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="至少八位，不能太常见，不要和用户名相近",
    )
    again = forms.CharField(
        label="再输一次新密码", widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def clean(self) -> dict[str, Any]:
        """Both are the same."""
        values: dict[str, Any] = super().clean() or {}
        if values.get("new") and values.get("again") and values["new"] != values["again"]:
            self.add_error("again", "两次输入的新密码不一样，请重新输入。")
        return values
