"""Print the sample accounts: user name, password, who, what to try."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Any

from django.core.management.base import BaseCommand

from qizhi.org.enums import Role
from qizhi.org.models import Account
from qizhi.org.queries import actor_of
from qizhi.sample.accounts import may_have_accounts, password, wanted
from qizhi.sample.build import bureau_code

HEADER = ("用户名", "密码", "谁", "试什么")


class Command(BaseCommand):
    """Lists what `sample` has made."""

    help = "Print the sample accounts."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """One line an account."""
        if not may_have_accounts():
            self.stdout.write("当前不是演示模式（QIZHI_MODE），没有示例账号。")
            return
        known = {
            account.username: account
            for account in Account.objects.filter(bureau__code=bureau_code(1)).select_related("person")
        }
        rows = [
            (one.username, password(), _who(known[one.username]), one.purpose)
            for one in wanted()
            if one.username in known
        ]
        if not rows:
            self.stdout.write("还没有示例账号。请先运行 sample 建立示例局。")
            return
        for row in _aligned([HEADER, *rows]):
            self.stdout.write(row)


def _who(account: Account) -> str:
    posts = "、".join(dict.fromkeys(_titles(account)))
    return f"{account.person}（{posts or '普通党员'}）"


def _titles(account: Account) -> list[str]:
    labels = dict(Role.choices)
    return [str(labels[grant.role]) for grant in actor_of(account).grants]


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(_width(row[column]) for row in rows) for column in range(len(rows[0]))]
    return [
        "  ".join(text + " " * (widths[number] - _width(text)) for number, text in enumerate(row)).rstrip()
        for row in rows
    ]
