"""The question bank of the invented bureau."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from qizhi.sample.rows import DATA, Rows
from qizhi.study.gateways.gift import read_gift
from qizhi.study.models import Bank, BankQuestion

BANK_ON = dt.date(2017, 9, 4)
BANK_NAME = "党规党纪知识题库"
BANK_NOTE = "虚构的练习题，按2017年底有效的公开文本编写"


@dataclass
class Quizzes:
    """Writes the bank."""

    rows: Rows
    until: dt.date

    def tell(self) -> None:
        """The bank, once its day has come."""
        if self.until >= BANK_ON:
            self._bank()

    def _bank(self) -> list[BankQuestion]:
        bank = self.rows.add(Bank, BANK_ON, name=BANK_NAME, note=BANK_NOTE, is_open=True)
        text = (DATA / "questions" / "rules.gift.txt").read_text(encoding="utf-8")
        made = []
        for position, found in enumerate(read_gift(text).found, start=1):
            row = self.rows.add(BankQuestion, BANK_ON, bank=bank, position=position)
            row.value = found.question
            made.append(row)
        return made
