"""Opens calendars for accounts; each address is shown once."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.urls import reverse

from qizhi.core.errors import Refused
from qizhi.org.models import Account, Unit
from qizhi.org.queries import actor_of
from qizhi.web.forms import new_token
from qizhi.web.models import FeedScope
from qizhi.web.services import open_feed


class Command(BaseCommand):
    """`open_feeds officer:bureau secretary:z01 member`: of the bureau, of a unit, of the person."""

    help = "Open calendars, each under a new secret address that is shown once and stored nowhere."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """For whom, and whose calendars."""
        parser.add_argument("wanted", nargs="+", help="USERNAME, USERNAME:bureau or USERNAME:CODE of a unit")

    @transaction.atomic
    def handle(self, *_args: Any, **options: Any) -> None:
        """Open all of them or none."""
        for wanted in options["wanted"]:
            username, _, whose = wanted.partition(":")
            account = Account.objects.filter(username=username, is_active=True).first()
            if account is None:
                raise CommandError(f"没有可用的账号“{username}”。")
            unit = None if whose in {"", FeedScope.BUREAU} else _unit(account, whose)
            scope = FeedScope.UNIT if unit else whose or FeedScope.PERSON
            token = new_token()
            try:
                feed = open_feed(scope=scope, unit=unit, token=token, by=actor_of(account))
            except Refused as error:
                raise CommandError(f"{wanted}：{error.message}") from error
            address = reverse("web:calendar", args=[token])
            self.stdout.write(f"{username}的日历“{feed}”（地址只显示这一次）：{address}")


def _unit(account: Account, code: str) -> Unit:
    unit: Unit | None = Unit.objects.filter(bureau=account.bureau, code=code).first()
    if unit is None:
        raise CommandError(f"没有代码为“{code}”的组织。")
    return unit
