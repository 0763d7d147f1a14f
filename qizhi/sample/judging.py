"""What the clauses find in the sample bureau: its discipline officer has judged the last whole months."""

from __future__ import annotations

import datetime as dt

from qizhi.core.periods import Period, month_of
from qizhi.core.permissions import system
from qizhi.org.enums import Role
from qizhi.org.models import Bureau, Post
from qizhi.regulations.models import Run
from qizhi.regulations.services import run_clauses

MONTHS = 3
ONE_DAY = dt.timedelta(days=1)


def judge(bureau: Bureau, until: dt.date) -> Run | None:
    """Run the clauses over the last whole months; None where nobody held the post on the last day."""
    posts = Post.objects.on(until).filter(bureau=bureau, role=Role.DISCIPLINE_OFFICER)
    post = posts.select_related("person").order_by("from_on", "pk").first()
    if post is None:
        return None
    end = month_of(until).start - ONE_DAY
    start = end
    for _ in range(MONTHS - 1):
        start = month_of(start).start - ONE_DAY
    by = system(bureau.pk, post.person.name)
    return run_clauses(bureau_id=bureau.pk, span=Period(month_of(start).start, end), as_of=until, by=by)
