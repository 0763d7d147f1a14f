"""Which stored gathering a row means: the same unit, day or month, set of kinds and name."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from qizhi.core.tables import BadCell
from qizhi.core.tables.values.text import parse_text
from qizhi.gatherings.importers.rows import Line
from qizhi.gatherings.models import Gathering, GatheringKind
from qizhi.gatherings.services import GatheringFacts, facts_of

_CHUNK = 1_000
"""Rows whose facts are read together: databases limit how many keys a query may carry."""
Place = tuple[uuid.UUID, Any, str, frozenset[uuid.UUID]]


def _place(facts: GatheringFacts) -> Place:
    return facts.unit.pk, facts.held_on, str(facts.precision), frozenset(kind.pk for kind in facts.kinds)


@dataclass
class Match:
    """A row with what it means.

    Attributes:
        line: the row.
        stored: the gathering that is there already, or None.
        others: names of other gatherings of that unit, day and set of kinds.
        twin: number of an earlier row that is exactly the same and says it all, or 0.
    """

    line: Line
    stored: Gathering | None = None
    others: list[str] = field(default_factory=list)
    twin: int = 0


class Stored:
    """The gatherings that rows may mean; two queries."""

    def __init__(self, bureau_id: uuid.UUID, lines: Sequence[Line]) -> None:
        """Read those of the units of the rows, from the first of their days to the last."""
        self._free: dict[Place, list[Gathering]] = defaultdict(list)
        if not lines:
            return
        days = [line.day.first_day for line in lines]
        rows = Gathering.objects.filter(
            bureau_id=bureau_id,
            unit_id__in={line.unit.pk for line in lines},
            held_on__range=(min(days), max(days)),
        )
        kinds: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
        links = GatheringKind.objects.filter(bureau_id=bureau_id, gathering__in=rows)
        for gathering, kind in links.values_list("gathering_id", "kind_id"):
            kinds[gathering].add(kind)
        found = rows.select_related("unit").order_by("id")
        # Those withdrawn come last: a row means one of them only if there is no other.
        for row in sorted(found, key=lambda row: row.withdrawn_at is not None):
            place = row.unit_id, row.held_on, row.precision, frozenset(kinds[row.pk])
            self._free[place].append(row)

    def match(self, lines: Sequence[Line]) -> list[Match]:
        """Each row with the gathering it means; no two rows mean the same one.

        A row without a name means the one with the name that would be suggested, else the only one there.
        """
        matches = [Match(line) for line in lines]
        bare = [line.bare for line in lines]
        for match, facts in zip(matches, bare, strict=True):
            match.stored = self._take(facts)
        seen: dict[tuple[Place, str], Line] = {}
        found = []
        for match, facts in zip(matches, bare, strict=True):
            match.line.check.take(self._take_only, match, facts)
            earlier = seen.setdefault((_place(facts), facts.title), match.line)
            if match.stored is None and earlier is not match.line:
                match.line.check.take(_check_twice, match.line, earlier)
                match.twin = match.line.row.same_as[1] if match.line.row.same_as else 0
            match.others = [row.title for row in self._free[_place(facts)] if row.withdrawn_at is None]
            found.append(match)
        return found

    def _take(self, facts: GatheringFacts) -> Gathering | None:
        free = self._free[_place(facts)]
        meant = next((row for row in free if parse_text(row.title) == facts.title), None)
        if meant is not None:
            free.remove(meant)
        return meant

    def _take_only(self, match: Match, facts: GatheringFacts) -> None:
        if match.stored is not None or match.line.is_titled:
            return
        held = [row for row in self._free[_place(facts)] if row.withdrawn_at is None]
        if len(held) > 1:
            names = "、".join(f"“{row.title}”" for row in held[:5])
            reason = f"当天有 {len(held)} 次同类活动（{names}），没有写名称就分不清是哪一次"
            raise BadCell("title", reason, "请填写名称")
        if held:
            match.stored = held[0]
            self._free[_place(facts)].remove(held[0])


def _check_twice(line: Line, earlier: Line) -> None:
    """No other row may tell of the same gathering; of rows with wrong cells nobody knows what they tell."""
    if line.row.same_as is None and line.check.is_sound and earlier.check.is_sound:
        reason = f"与第{earlier.row.number}行是同一组织、同一天、同样类型和名称的活动，内容却不同"
        raise BadCell("title", reason, "同一次活动只留一行；确是两次的，请写不同的名称")


def stored_facts(matches: Sequence[Match]) -> dict[uuid.UUID, GatheringFacts]:
    """What is stored of the gatherings that rows mean; six queries for each thousand of them."""
    rows = [match.stored for match in matches if match.stored is not None]
    found: dict[uuid.UUID, GatheringFacts] = {}
    for start in range(0, len(rows), _CHUNK):
        found |= facts_of(rows[start : start + _CHUNK])
    return found
