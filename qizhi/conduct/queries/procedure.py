"""Which procedure binds on a day."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable

from qizhi.conduct.rules.procedure import Procedure
from qizhi.core.periods import Period
from qizhi.regulations.enums import VersionStatus
from qizhi.regulations.kinds import kind_by_key
from qizhi.regulations.models import Clause
from qizhi.regulations.queries import clauses_during, clauses_in_force
from qizhi.regulations.rules import is_in_force

PROCEDURE = "procedure"


def procedure_on(bureau_id: uuid.UUID, day: dt.date) -> Procedure:
    """The parameters of the procedure clause in force on the day; the product's own where there is none.

    One query. Of two such clauses the later version speaks.
    """
    clauses = clauses_in_force(bureau_id, day, kind=PROCEDURE)
    clause = clauses.order_by("-version__effective_from", "position").first()
    kind = kind_by_key(PROCEDURE)
    if clause is None or kind is None:
        return Procedure()
    return Procedure(**kind.read(clause.parameters), source=clause.source, version=clause.version.label)


def procedures_during(bureau_id: uuid.UUID, days: Period) -> tuple[Callable[[dt.date], Procedure], int]:
    """The procedure of any of the days as in `procedure_on`, and the longest probation of any; one query."""
    kind = kind_by_key(PROCEDURE)
    clauses = clauses_during(bureau_id, days.start, days.end, kind=PROCEDURE)
    rows = list(clauses.order_by("-version__effective_from", "position")) if kind else []
    known = [(row.version, Procedure(**kind.read(row.parameters))) for row in rows if kind]

    def procedure(day: dt.date) -> Procedure:
        found = (one for row, one in known if is_in_force(row.effective_from, row.effective_to, day))
        return next(found, Procedure())

    return procedure, max(one.probation_months for one in (Procedure(), *(one for _, one in known)))


def counts_since(bureau_id: uuid.UUID, year: int) -> dt.date | None:
    """The first day whose points still count at the end of a year; None: nothing was ever reset.

    Points are reset at the end of each year in whose last days a procedure says so. One query.
    """
    clauses = Clause.objects.filter(
        bureau_id=bureau_id,
        is_enabled=True,
        kind=PROCEDURE,
        version__status=VersionStatus.PUBLISHED,
        version__effective_from__lte=dt.date(year, 12, 31),
    )
    known = list(clauses.select_related("version").order_by("-version__effective_from", "position"))
    first = min((clause.version.effective_from.year for clause in known), default=year)
    for number in range(year, first - 1, -1):
        if _resets(known, dt.date(number, 12, 31)):
            return dt.date(number if number == year else number + 1, 1, 1)
    return None


def _resets(known: list[Clause], day: dt.date) -> bool:
    """Whether the procedure of the day, the first in force, says that a sheet begins anew each year."""
    spans = ((clause, clause.version.effective_from, clause.version.effective_to) for clause in known)
    found = next((clause for clause, start, end in spans if is_in_force(start, end, day)), None)
    return found is not None and found.parameters.get("reset_every") == "year"
