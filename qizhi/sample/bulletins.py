"""Bulletins of the years told: issued every two months, the latest one still a draft."""

from __future__ import annotations

import datetime as dt

from qizhi.conduct.enums import BulletinStatus
from qizhi.conduct.models import Bulletin
from qizhi.conduct.queries.bulletins import compose
from qizhi.conduct.rules.bulletins import A_YEAR, days_of, numbers_over
from qizhi.org.enums import Role
from qizhi.org.models import Bureau, Person, Post
from qizhi.sample.cases import FIRST_YEAR
from qizhi.sample.rows import Rows

ISSUED_AFTER = dt.timedelta(days=6)
CLOSING = (
    "各处室要对照通报的事项举一反三，完善制度，抓早抓小。\n"
    "当事人对本人事项有异议的，可以随时查看、申请更正或者申诉。"
)


def issue_bulletins(bureau: Bureau, rows: Rows, until: dt.date) -> list[Bulletin]:
    """Write the bulletins whose two months are over; what they tell is composed from the rows that are there.

    The last one is left as a draft when its day has not come for long.
    """
    made: list[Bulletin] = []
    for year in range(FIRST_YEAR, until.year + 1):
        for number in numbers_over(year, until):
            days = days_of(year, number)
            writer = _holder(rows, Role.DISCIPLINE_OFFICER, days.end)
            signer = _holder(rows, Role.PARTY_GROUP_SECRETARY, days.end + ISSUED_AFTER)
            if writer is None or signer is None or writer.pk == signer.pk:
                continue
            row = Bulletin(
                id=rows.ids.at(days.end),
                bureau=bureau,
                year=year,
                number=number,
                start=days.start,
                end=days.end,
                closing=CLOSING,
                prepared_by=writer,
            )
            row.save(force_insert=True)
            made.append(row)
            _approve(row, bureau, signer, until)
    return made


def _approve(row: Bulletin, bureau: Bureau, signer: Person, until: dt.date) -> None:
    """Issue it, but for the latest of all."""
    on = row.end + ISSUED_AFTER
    following = days_of(row.year + row.number // A_YEAR, row.number % A_YEAR + 1)
    if on > until or following.end >= until:
        return
    row.content = {**compose(row), "mark": bureau.mark, "signer": bureau.signer}
    row.status, row.approved_by, row.issued_on = BulletinStatus.APPROVED, signer, on
    row.doc_no = f"{bureau.doc_prefix}通〔{on.year}〕{_serial(row, on)}号"
    row.save()


def _serial(row: Bulletin, on: dt.date) -> int:
    """The number in the row of its year: the last one of a year is issued in the next."""
    return row.number + 1 if on.year == row.year else 1


def _holder(rows: Rows, role: Role, day: dt.date) -> Person | None:
    held = (post.person for post in rows.of(Post) if post.role == role and post.holds(day))
    return next(held, None)
