"""Build the invented bureau, and copies of it for a benchmark."""

from __future__ import annotations

import datetime as dt
import time
from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.hashers import make_password
from django.core.management.base import BaseCommand, CommandError

from qizhi.core import clock
from qizhi.org.models import Bureau
from qizhi.sample.accounts import add_accounts, may_have_accounts, password
from qizhi.sample.build import build_bureau, bureau_code
from qizhi.sample.copying import copy_bureau
from qizhi.sample.rows import NUMBER_BITS
from qizhi.sample.staff import START


class Command(BaseCommand):
    """Thin caller of the builder."""

    help = "Build the sample bureau from 2015 until today; with --bureaus N also copies of it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Number of bureaus and last day."""
        parser.add_argument("--bureaus", type=int, default=1, help="how many bureaus there shall be")
        parser.add_argument("--until", type=_day, default=None, help="last day, YYYY-MM-DD; default: today")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Build what is not there."""
        until: dt.date = options["until"] or clock.today()
        if not 1 <= options["bureaus"] < 1 << NUMBER_BITS:
            raise CommandError("--bureaus: 1 or more")
        if until < START:
            raise CommandError(f"--until: not before {START.isoformat()}")
        hashed = make_password(password()) if may_have_accounts() else ""
        for number in range(1, options["bureaus"] + 1):
            self._make(number, until, hashed)
        if not hashed:
            self.stdout.write("当前不是演示模式（QIZHI_MODE），没有建立示例账号。")

    def _make(self, number: int, until: dt.date, hashed: str) -> None:
        code = bureau_code(number)
        known = Bureau.objects.filter(code=code).first()
        if known is not None:
            self.stdout.write(f"{code}：{known}已存在，没有改动。")
            return
        started = time.monotonic()
        if number == 1:
            bureau = build_bureau(number, until)
        else:
            bureau = copy_bureau(Bureau.objects.get(code=bureau_code(1)), number)
        if hashed:
            add_accounts(bureau, number, until, hashed)
        self.stdout.write(f"{code}：已建立{bureau}，用时 {time.monotonic() - started:.1f} 秒。")


def _day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)
