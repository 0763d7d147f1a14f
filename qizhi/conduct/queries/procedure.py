"""Which procedure binds on a day."""

from __future__ import annotations

import datetime as dt
import uuid

from qizhi.conduct.rules.procedure import Procedure
from qizhi.regulations.kinds import kind_by_key
from qizhi.regulations.queries import clauses_in_force

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
    return Procedure(**kind.read(clause.parameters), source=clause.source)
