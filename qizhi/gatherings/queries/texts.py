"""The texts by which votes are judged: a bureau's own clauses in their versions, else the product's."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from qizhi.core import kept
from qizhi.gatherings.rules import TEXTS, Text, Texts, text_on
from qizhi.regulations.enums import VersionStatus
from qizhi.regulations.kinds import ParameterError, kind_by_key
from qizhi.regulations.models import Clause

VOTE = "vote"


def text_of(values: Mapping[str, Any], from_on: dt.date, source: str) -> Text:
    """What a clause asks; what its parameters leave open is as in the text of that day that comes along.

    Args:
        values: its parameters as the kind has read them.
        from_on: first day of its version.
        source: how it is cited.
    """
    usual, _ = text_on(values["threshold"], from_on)
    has_own = values["quorum"] is not None
    return Text(
        from_on=from_on,
        quorum=values["quorum"] if has_own else usual.quorum,
        is_over=values["is_over"] if has_own else usual.is_over,
        source=source,
        majority=values["majority"] or usual.majority,
        of_present=values["majority_of"] == "present" if values["majority_of"] else usual.of_present,
        has_written=usual.has_written if values["has_written"] is None else values["has_written"],
    )


def cited(clause: Clause) -> str:
    """The clause with the name of its version: two versions of one document may ask different things."""
    return f"{clause.source}（{clause.version.label}）" if clause.version.label else clause.source


def texts_from(clauses: Iterable[Clause]) -> Texts:
    """By kind of vote what these clauses ask, the oldest first; the product's texts where none asks."""
    kind = kind_by_key(VOTE)
    found: dict[str, list[Text]] = defaultdict(list)
    for clause in clauses if kind else ():
        try:
            values = kind.read(clause.parameters)  # type: ignore[union-attr]
        except ParameterError:
            continue  # what cannot be read is told where the clause is judged
        found[values["threshold"]].append(text_of(values, clause.version.effective_from, cited(clause)))
    own = {threshold: sorted(texts, key=lambda text: text.from_on) for threshold, texts in found.items()}
    return {**TEXTS, **own}


def texts_of(bureau_id: uuid.UUID) -> Texts:
    """By kind of vote all that was ever asked in the bureau; one query."""
    return kept.keep_small(partial(_texts_of, bureau_id), "gatherings.texts", bureau_id)


def _texts_of(bureau_id: uuid.UUID) -> Texts:
    rows = Clause.objects.filter(
        bureau_id=bureau_id, is_enabled=True, kind=VOTE, version__status=VersionStatus.PUBLISHED
    )
    return texts_from(rows.select_related("version__regulation").defer("text", "version__text"))
