"""Which branches are excused from which clauses, and from which clauses they can be."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from functools import partial

from django.db.models import QuerySet

from qizhi.core import kept
from qizhi.core.periods import Period
from qizhi.core.permissions import Actor
from qizhi.org.models import Unit
from qizhi.regulations.enums import Subject, VersionStatus
from qizhi.regulations.models import Clause, Exemption
from qizhi.regulations.permissions import SEE_EXEMPTIONS
from qizhi.regulations.queries.documents import clauses_during
from qizhi.regulations.rules import Exempt, Exemptions


def exemptions_of(bureau_id: uuid.UUID) -> Exemptions:
    """Everything from which branches of the bureau are excused; one query."""
    return kept.keep_small(partial(_exemptions_of, bureau_id), "regulations.exemptions", bureau_id)


def _exemptions_of(bureau_id: uuid.UUID) -> Exemptions:
    rows = Exemption.objects.standing().filter(bureau_id=bureau_id)
    rows = rows.select_related("clause__version__regulation").defer(
        "clause__text", "clause__version__text", "clause__parameters"
    )
    return Exemptions(
        Exempt(row.unit_id, row.clause.asked_by, row.from_on, row.last_day, row.words)
        for row in rows.order_by()
    )


def given_together(exemption: Exemption) -> list[Exemption]:
    """The others that were given in the same breath and still say the same; one query.

    The same branch, days, reason and approval, written down on the same day by the same person: who excuses a
    branch from clauses that ask for the same makes such rows. One that was corrected stands by itself.
    """
    same = ("bureau_id", "unit_id", "from_on", "to_on", "reason", "approver", "approved_on")
    said = {name: getattr(exemption, name) for name in (*same, "recorded_on", "recorded_by_id")}
    rows = Exemption.objects.standing().filter(**said).exclude(pk=exemption.pk)
    rows = rows.select_related("unit", "clause__version__regulation").defer("clause__version__text")
    return list(rows.order_by("clause__key", "pk"))


def excusable_clauses(bureau_id: uuid.UUID, kinds: Iterable[str]) -> list[Clause]:
    """Clauses of these kinds that are asked of branches, each in its newest published version; one query."""
    rows = Clause.objects.filter(
        bureau_id=bureau_id,
        is_enabled=True,
        subject=Subject.BRANCH,
        kind__in=list(kinds),
        version__status=VersionStatus.PUBLISHED,
    )
    rows = rows.select_related("version__regulation").defer("version__text")
    newest = {
        row.asked_by: row
        for row in rows.order_by("version__regulation__code", "version__effective_from", "position", "key")
    }
    return list(newest.values())


def asked_alike(
    clause: Clause, units: Iterable[Unit], days: Period, same_by: Sequence[str]
) -> dict[uuid.UUID, set[str]]:
    """Unit → `asked_by` of the other clauses in force on one of the days that ask the branch for the same.

    Those stand as one line on its screen, so that who is excused from one of them alone still owes the line.
    A clause from which the branch is excused on all the days already is left out, and a branch of which no
    other clause asks the same. One query, or two, for however many branches.

    Args:
        clause: the clause, in any of its versions.
        units: the branches.
        days: from one day to another.
        same_by: the parameters that make clauses of the kind ask for the same; none where they never do.
    """
    alike = clauses_alike(clause, days, same_by)
    if not alike:
        return {}
    exemptions = exemptions_of(clause.bureau_id)
    asked = {
        unit.pk: {asked_by for asked_by in alike if not exemptions.why(unit.pk, asked_by, days)}
        for unit in units
    }
    return {unit_id: left for unit_id, left in asked.items() if left}


def clauses_alike(clause: Clause, days: Period, same_by: Sequence[str]) -> set[str]:
    """`asked_by` of the other clauses in force on one of the days that ask for the same; one query."""
    if not same_by:
        return set()
    found = clauses_during(clause.bureau_id, days.start, days.end, kind=clause.kind)
    told = list(found.filter(subject=clause.subject).defer("text", "version__text"))
    own = [one for one in told if one.asked_by == clause.asked_by] or [clause]
    wanted = {_asks(one, same_by) for one in own}
    return {one.asked_by for one in told if _asks(one, same_by) in wanted} - {clause.asked_by}


def _asks(clause: Clause, same_by: Sequence[str]) -> tuple[str, ...]:
    return tuple(str(clause.parameters.get(name) or "") for name in same_by)


def exemptions_seen(actor: Actor) -> QuerySet[Exemption]:
    """Those of the branches that the actor may look at, with all that a list shows."""
    rows = Exemption.objects.filter(actor.reach(SEE_EXEMPTIONS).units())
    rows = rows.select_related("unit", "clause__version__regulation").defer("clause__version__text")
    return rows.order_by("-from_on", "unit__position", "unit__code", "pk")
