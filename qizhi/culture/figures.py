"""The numbers of calls: what came in and what was sent on, by the code of the kind of works.

Kinds are data of each bureau: a figure knows a code, and names it as the product does where it comes with it.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from django.db.models import QuerySet

from qizhi.core.figures import (
    NOTHING,
    Ask,
    Column,
    Figure,
    Measure,
    Span,
    Tally,
    Value,
    count_value,
    register,
    register_family,
)
from qizhi.culture.enums import StandardKind, WorkState
from qizhi.culture.models import Work

_SOURCE = "征集和作品登记"
_RECEIVED, _FORWARDED = "handed_in_on", "forwarded_on"
_CODE = re.compile(r"[A-Za-z0-9_-]{1,40}")


def _works(kind: str, column: str) -> Callable[[Ask], QuerySet[Work]]:
    def rows(ask: Ask) -> QuerySet[Work]:
        if ask.days is None:
            return Work.objects.none()
        found = Work.objects.standing().filter(bureau_id=ask.bureau_id, call__kind__key=kind)
        found = found.filter(**{f"{column}__range": (ask.days.start, ask.days.end)})
        if ask.unit_ids is not None:
            found = found.filter(unit_id__in=ask.unit_ids)
        return found.select_related("call", "unit", "author").order_by(f"-{column}", "call", "-number")

    return rows


def _author(row: Work) -> str:
    """Whose it is, but not while a blind judgement is still to come."""
    is_hidden = row.call.is_blind and row.state == WorkState.RECEIVED
    return "匿名评审中" if is_hidden else row.author_label


# The author is named where the number opens, not the words of the work.
_COLUMNS = (
    Column("征集", lambda row: row.call.title),
    Column("编号", lambda row: row.number),
    Column("作者", _author),
    Column("组织", lambda row: row.unit.name),
    Column("收到日期", lambda row: row.handed_in_on),
    Column("结果", lambda row: row.get_state_display()),
    Column("报送", lambda row: row.forwarded_to or "—"),
)


def received(kind: str, key: str = "") -> Figure:
    """How many works of a kind came in."""
    return _figure(
        kind,
        _RECEIVED,
        key=key or f"culture.received:{kind}",
        label=f"收到的{_called(kind)}",
        definition=f"截至核算日各次{_called(kind)}征集累计收到的件数，逾期的也计，撤回的不计。{_code(kind)}",
    )


def forwarded(kind: str, key: str = "") -> Figure:
    """How many works of a kind were selected and sent on."""
    return _figure(
        kind,
        _FORWARDED,
        key=key or f"culture.forwarded:{kind}",
        label=f"报送的{_called(kind)}",
        definition=f"截至核算日累计择优报送上级的{_called(kind)}件数；取消报送的不计。{_code(kind)}",
    )


def _called(kind: str) -> str:
    return str(StandardKind(kind).label) if kind in StandardKind.values else f"作品（{kind}）"


def _code(kind: str) -> str:
    return f"按作品类别的代码 {kind} 统计，类别改名不影响。"


def _figure(kind: str, column: str, *, key: str, label: str, definition: str) -> Figure:
    """Works of a kind by the day on which something happened to them."""
    rows = _works(kind, column)
    return Figure(
        key=key,
        label=label,
        measure=Measure.PIECES,
        definition=definition,
        source=_SOURCE,
        span=Span.TO_DATE,
        reckon=lambda ask: Tally(rows(ask), _some),
        rows=rows,
        columns=_COLUMNS,
        link=lambda row: row.call.get_absolute_url(),
    )


def _some(counted: int) -> Value:
    """Nothing was asked for, or nothing came: that is no number to tell."""
    return count_value(counted) if counted else NOTHING


def _family(make: Callable[[str], Figure]) -> Callable[[str], Figure | None]:
    return lambda kind: make(kind) if _CODE.fullmatch(kind) else None


register(received(StandardKind.ESSAY.value, "culture.essays"))
register(forwarded(StandardKind.MAXIM.value, "culture.maxims_forwarded"))
register_family("culture.received", _family(received))
register_family("culture.forwarded", _family(forwarded))
