"""Where a clause is used: pages, figures, findings, cases, and how it read before."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, resolve, reverse

from qizhi.core import audit, clock
from qizhi.core.figures import Figure
from qizhi.core.http import actor_of, reads
from qizhi.core.permissions import Actor
from qizhi.core.values import dataclass
from qizhi.regulations import queries
from qizhi.regulations.kinds import figures_of, pages_of, say_clause, state_of
from qizhi.regulations.models import Clause
from qizhi.regulations.permissions import SEE_FINDINGS, SEE_REGULATIONS, clause_for
from qizhi.regulations.rules import compare_words


@dataclass(frozen=True)
class UsesWords:
    """Pages and figures that rest on a kind of clause; an address is empty where the reader may not go."""

    pages: list[tuple[str, str]]
    figures: list[tuple[Figure, str]]


def say_uses(actor: Actor, kind: str, key: str = "") -> UsesWords:
    """What rests on clauses of a kind, and on the one of this code that costs points, for a reader."""
    return UsesWords(
        pages=[(label, _address(actor, name)) for label, name in pages_of(kind)],
        figures=[(figure, _address(actor, "reports:rows", figure.key)) for figure in figures_of(kind, key)],
    )


def _address(actor: Actor, name: str, *arguments: str) -> str:
    try:
        address = reverse(name, args=arguments)
    except NoReverseMatch:
        return ""
    wanted = resolve(address).func.access.wanted  # type: ignore[attr-defined]
    return address if wanted is None or actor.may(wanted) else ""


@reads(SEE_REGULATIONS)
def clause(request: HttpRequest, clause_id: uuid.UUID) -> HttpResponse:
    """One clause: its words, how it read in each version, and all that rests on it."""
    actor = actor_of(request)
    found = clause_for(actor, SEE_REGULATIONS, clause_id)
    if found.version.is_draft and not queries.sees_drafts(actor):
        raise Http404
    own = list(queries.versions_of_clause(found, with_draft=queries.sees_drafts(actor)))
    uses = queries.clause_uses(own) if actor.may(SEE_FINDINGS) else {}
    states = {one.version_id: state_of(one.version, clock.today()) for one in own}
    context = {
        "clause": found,
        "words": say_clause(found),
        "rests": say_uses(actor, found.kind, found.key if found.points else ""),
        "lines": list(_lines(own, states, uses)),
        "cases": found.cases.count(),
        "sees_uses": actor.may(SEE_FINDINGS),
        "history": audit.tell(found) if queries.sees_drafts(actor) else [],
    }
    return render(request, "regulations/clause_uses.html", context)


def _lines(
    own: list[Clause], states: dict[uuid.UUID, str], uses: dict[uuid.UUID, list[queries.Use]]
) -> Iterator[tuple[object, ...]]:
    """Each wording, newest first, with what it changed in the one before."""
    for place, one in enumerate(own):
        before = own[place + 1].text if place + 1 < len(own) else one.text
        yield one, states[one.version_id], compare_words(before, one.text).after, uses.get(one.pk, [])
