"""The overview of the last year that was over, as the office sent it in January."""

from __future__ import annotations

import datetime as dt

from qizhi.core import clock
from qizhi.core.permissions import system
from qizhi.org.enums import Role
from qizhi.org.models import Bureau, Post
from qizhi.reports.models import IssuedOverview
from qizhi.reports.services.files import Letterhead
from qizhi.reports.services.issuing import fingerprint, issue_overview, next_doc_no
from qizhi.reports.services.overview import generate
from qizhi.sample.rows import Rows
from qizhi.sample.staff import START

SENT = (1, 12)
"""The day of the next year on which it is issued, or the Monday after."""
SATURDAY = 5


def issue_overview_of_last_year(bureau: Bureau, rows: Rows, until: dt.date) -> IssuedOverview | None:
    """Issue it; None where no year was over, or its overview not yet sent.

    It is made on the day on which it was sent, so that its files are the same at every build.
    """
    day = _sent_on(until.year)
    if day > until:
        day = _sent_on(until.year - 1)
    held = (post for post in rows.of(Post) if post.role == Role.AFFAIRS_OFFICER and post.holds(day))
    officer = next(held, None)
    if day.year <= START.year or officer is None:
        return None
    as_of = dt.date(day.year - 1, 12, 31)
    with clock.at(dt.datetime.combine(day, dt.time(10), clock.ZONE)):
        head = Letterhead(
            mark=bureau.mark, doc_no=next_doc_no(bureau, day), signer=bureau.signer, issued_on=day
        )
        return issue_overview(
            bureau=bureau,
            year=as_of.year,
            as_of=as_of,
            head=head,
            seen=fingerprint(generate(bureau, as_of, as_of.year)),
            by=system(bureau.pk, officer.person.name),
            id=rows.ids.at(day),
        )


def _sent_on(year: int) -> dt.date:
    day = dt.date(year, *SENT)
    return day + dt.timedelta(days=7 - day.weekday() if day.weekday() >= SATURDAY else 0)
