"""Take a bureau's archive into this database."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from qizhi.core.errors import Refused
from qizhi.core.models import AuditEvent
from qizhi.org.models import Account, Bureau
from qizhi.org.permissions import MANAGE_PEOPLE
from qizhi.org.queries import actor_of
from qizhi.org.services.transfer import import_bureau


class Command(BaseCommand):
    """`import_bureau FILE [--code CODE]`."""

    help = "Take a bureau's archive into a database that does not hold it, beside those that are there."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where from, and what the bureau is called here."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--code", default="", help="of the bureau here, where another has the archive's")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read all or nothing; then say who comes next."""
        del args
        try:
            with options["file"].open("rb") as source:
                bureau = import_bureau(source, code=options["code"])
        except (OSError, Refused) as problem:
            raise CommandError(str(problem)) from problem
        self.stdout.write(f"“{bureau.name}”（{bureau.code}）已导入。")
        self._say_accounts(bureau)

    def _say_accounts(self, bureau: Bureau) -> None:
        """Which user names had to change, and whose password opens the way to all others."""
        event = AuditEvent.objects.filter(bureau_id=bureau.pk, verb="org.import_bureau").latest("at")
        for before, after in event.after.get("用户名", {}).items():
            self.stdout.write(f"用户名“{before}”已被别人使用，改为“{after}”。")
        accounts = Account.objects.filter(bureau=bureau, is_active=True).select_related("bureau", "person")
        able = [account for account in accounts.order_by("username") if actor_of(account).may(MANAGE_PEOPLE)]
        if able:
            named = "、".join(f"{account.username}（{account.person or account}）" for account in able)
            self.stdout.write(f"归档不带密码。请先给其中一个账号设密码：{named}")
            self.stdout.write(f"  python3 qz.py manage changepassword {able[0].username}")
            self.stdout.write("再由这个账号登录，在各人的人员页为其他账号重设密码。")
