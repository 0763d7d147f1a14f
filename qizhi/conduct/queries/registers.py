"""What waits in the registers that somebody keeps."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from qizhi.conduct.permissions.registers import SEE_MATTERS, SEE_OPINIONS, SEE_REGISTERS, SEE_RISKS
from qizhi.conduct.permissions.rights import ANSWER_CORRECTIONS
from qizhi.conduct.queries.matters import round_of, unchecked
from qizhi.conduct.queries.rights import waiting_corrections
from qizhi.conduct.queries.risks import open_opinions, overdue_risks
from qizhi.core.figures import count_rows
from qizhi.core.permissions import Actor, Permission
from qizhi.core.values import dataclass


@dataclass(frozen=True)
class Waiting:
    """How many of something wait in a register; none is said, too.

    Attributes:
        label: Chinese name of the register.
        words: what waits, after the number.
        number: how many.
        address: the page of the register.
    """

    label: str
    words: str
    number: int
    address: str


def waiting_in(actor: Actor, today: dt.date) -> list[Waiting]:
    """The registers that somebody may open, with what waits in each; at most six queries."""
    sorts: tuple[tuple[Permission, str, str, str, Callable[[], int] | QuerySet[Any]], ...] = (
        (
            SEE_MATTERS,
            "个人有关事项",
            "人还没有报告",
            "conduct:matters",
            lambda: len(round_of(actor.bureau_id, today.year, today).waiting),
        ),
        (
            SEE_MATTERS,
            "两核查（报告、档案）",
            "件拟提拔核查没有结果",
            "conduct:checks",
            unchecked(actor.bureau_id),
        ),
        (
            SEE_RISKS,
            "廉政风险点",
            "个过了复核日期",
            "conduct:risks",
            overdue_risks(actor, today),
        ),
        (
            SEE_OPINIONS,
            "行风监督意见",
            "条还没有答复，也没有转为任务",
            "conduct:opinions",
            open_opinions(actor.bureau_id),
        ),
        (
            ANSWER_CORRECTIONS,
            "更正申请",
            "条等待答复",
            "conduct:corrections",
            waiting_corrections(actor.bureau_id),
        ),
    )
    mine = [sort for sort in sorts if actor.may(sort[0])]
    counts = iter(count_rows([waiting for *_, waiting in mine if isinstance(waiting, QuerySet)]))
    return [
        Waiting(label, words, next(counts) if isinstance(waiting, QuerySet) else waiting(), reverse(view))
        for _, label, words, view, waiting in mine
    ]


def open_registers(actor: Actor, today: dt.date) -> list[Waiting]:
    """The same, only where something waits; nothing is asked for those who keep no register."""
    return [one for one in waiting_in(actor, today) if one.number] if actor.may(SEE_REGISTERS) else []
