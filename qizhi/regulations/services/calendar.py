"""The papers of the working calendar."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Container, Mapping
from typing import Any

from django.db import transaction

from qizhi.core import audit, clock
from qizhi.core.errors import Refused
from qizhi.core.ids import new_id
from qizhi.core.once import made_before
from qizhi.core.permissions import Actor
from qizhi.org.models import Bureau
from qizhi.regulations.enums import CalendarScope
from qizhi.regulations.models import CalendarDay, CalendarPaper
from qizhi.regulations.rules import PaperDay, as_number, read_notice, read_number, read_years
from qizhi.regulations.services.files import HOLIDAYS, PaperEntry, read_papers
from qizhi.regulations.services.ordinals import number_days

FIELDS = ("scope", "year", "title", "doc_no", "published_on", "confirmed_until", "notice", "confirmation")


@transaction.atomic
def put_calendar_paper(
    *,
    values: Mapping[str, Any],
    by: Actor,
    paper: CalendarPaper | None = None,
    id: uuid.UUID | None = None,  # noqa: A002 - the row's key
) -> CalendarPaper:
    """Enter a notice, or correct one; its days are read from its words.

    Args:
        values: the fields of `FIELDS`; `notice` holds the sentences of the notice, and `confirmed_until`
            may be missing, which means the whole year.
        by: who enters it.
        paper: the paper to correct; a new one if not given.
        id: the key made with the form; the same key twice (a double click) returns the first row.

    Raises:
        Refused: the words cannot be read, contradict themselves, or the notice is there already.
    """
    if paper is None and id is not None:
        existing = made_before(CalendarPaper, id, by.bureau_id)
        if existing is not None:
            return existing
    before = audit.snapshot(paper) if paper else None
    row = paper or CalendarPaper(pk=id or new_id(), bureau_id=by.bureau_id, revision=0)
    for name in FIELDS:
        if name in values:
            setattr(row, name, values[name])
    row.confirmed_until = values.get("confirmed_until") or dt.date(row.year, 12, 31)
    if before == audit.snapshot(row):
        return row
    _check_head(row)
    reading = read_notice(row.notice, row.year)
    if reading.problems:
        raise Refused(f"放假安排没有读懂，没有保存。{''.join(reading.problems)}", "notice")
    row.revision += 1
    row.updated_at = clock.now()
    row.save()
    row.days.all().delete()
    CalendarDay.objects.bulk_create(_days(row, reading.days))
    number_days(row.bureau_id)
    verb = "regulations.edit_paper" if paper else "regulations.add_paper"
    audit.record(verb, row, by=by, before=before)
    return row


@transaction.atomic
def load_national_calendar(
    bureau: Bureau, *, by: Actor, years: Container[int] | None = None
) -> list[CalendarPaper]:
    """Give a bureau the State Council's papers that come with the product; returns those that were new.

    `years`: only those of these years; none: all.

    A paper that is there already, by year and title, is left as it is, corrections and all.
    """
    held = set(
        CalendarPaper.objects.filter(bureau=bureau, scope=CalendarScope.NATIONAL).values_list("year", "title")
    )
    wanted = [entry for entry in read_papers(HOLIDAYS) if years is None or entry.year in years]
    entries = [entry for entry in wanted if (entry.year, entry.title) not in held]
    papers = [_paper(bureau, entry) for entry in entries]
    CalendarPaper.objects.bulk_create(papers)
    days = [day for paper, entry in zip(papers, entries, strict=True) for day in _days(paper, entry.days)]
    CalendarDay.objects.bulk_create(days, batch_size=500)
    number_days(bureau.pk)
    audit.record_many("regulations.add_paper", papers, by=by)
    return papers


@transaction.atomic
def remove_calendar_paper(*, paper: CalendarPaper, because: str, by: Actor) -> None:
    """Take a notice away that was entered by mistake; what was counted by it is counted anew, or unknown."""
    before, after = audit.snapshot(paper), {"删除原因": because}
    audit.record("regulations.remove_paper", paper, by=by, before=before, after=after)
    paper.delete()
    number_days(by.bureau_id)


def _paper(bureau: Bureau, entry: PaperEntry) -> CalendarPaper:
    return CalendarPaper(
        bureau=bureau,
        scope=CalendarScope.NATIONAL,
        year=entry.year,
        title=entry.title,
        doc_no=entry.doc_no,
        published_on=entry.published_on,
        confirmed_until=dt.date(entry.year, 12, 31),
        notice=entry.notice,
        confirmation=entry.confirmation,
        updated_at=clock.now(),
    )


def _days(paper: CalendarPaper, days: tuple[PaperDay, ...]) -> list[CalendarDay]:
    return [
        CalendarDay(
            bureau_id=paper.bureau_id, paper=paper, on=day.on, is_working=day.is_working, name=day.name[:40]
        )
        for day in days
    ]


def _check_head(row: CalendarPaper) -> None:
    """What stands above the words of a paper: title, year and number."""
    _check_title(row)
    _check_year(row)
    _check_number(row)


def _check_year(row: CalendarPaper) -> None:
    years = read_years(row.title)
    if years and row.year not in years:
        said = "、".join(f"{year}年" for year in sorted(years))
        raise Refused(
            f"标题写的是{said}，年份填的是{row.year}年，没有保存。请核对是哪一年的通知，改正其中一个。",
            "title",
        )


def _check_number(row: CalendarPaper) -> None:
    """A number belongs to one paper, and is the one that the pasted words have."""
    own = as_number(row.doc_no)
    if not own:
        return
    said = read_number(row.notice)
    if said and as_number(said) != own:
        raise Refused(
            f"填写的文号是“{row.doc_no}”，粘贴的文字里是“{said}”，没有保存。请核对后改正其中一个。", "doc_no"
        )
    others = CalendarPaper.objects.filter(bureau_id=row.bureau_id).exclude(pk=row.pk)
    twin = next((one for one in others.only("doc_no", "title", "year") if as_number(one.doc_no) == own), None)
    if twin is not None:
        message = (
            f"{twin.year}年已有文号为{twin.doc_no}的通知《{twin.title}》，没有重复录入。"
            "请核对文号；有误的，更正或删除原有的通知。"
        )
        raise Refused(message, "doc_no")


def _check_title(row: CalendarPaper) -> None:
    twins = CalendarPaper.objects.filter(
        bureau_id=row.bureau_id, scope=row.scope, year=row.year, title=row.title
    ).exclude(pk=row.pk)
    if twins.exists():
        raise Refused(f"{row.year}年已有《{row.title}》，没有重复录入。请修改原有的通知。", "title")
