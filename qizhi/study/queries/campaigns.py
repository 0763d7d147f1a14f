"""Campaigns against what was held: topic by unit, in a number of queries that never grows."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db.models import Exists, OuterRef, Q, QuerySet

from qizhi.core.periods import Period, say_day
from qizhi.core.values import dataclass
from qizhi.gatherings.enums import Ledger
from qizhi.gatherings.models import Gathering, LedgerEntry
from qizhi.org.enums import UnitKind
from qizhi.org.models import Unit
from qizhi.study.enums import Layer
from qizhi.study.models import Campaign, CampaignMatch, CampaignTopic
from qizhi.study.rules.campaigns import Coverage, Deed, Found, Wanted, bare, coverage, covering, words_of

LAYERS = {
    UnitKind.CENTRE_GROUP: Layer.CENTRE_GROUP,
    UnitKind.COMMITTEE: Layer.COMMITTEE,
    UnitKind.BRANCH: Layer.BRANCH,
}
_ORDER = {kind: number for number, kind in enumerate(LAYERS)}


@dataclass(frozen=True)
class Cell:
    """A topic of a campaign and a unit: how it stands, and the gatherings that count."""

    topic: CampaignTopic
    unit: Unit
    state: Coverage
    why: str
    found: tuple[Found, ...]
    until: dt.date | None

    @property
    def first_on(self) -> dt.date | None:
        """The day of the first gathering that counts."""
        return self.found[0].day if self.found else None


@dataclass(frozen=True)
class Covered:
    """A campaign against what was held: rows of cells by unit, in fixed order."""

    campaign: Campaign
    topics: tuple[CampaignTopic, ...]
    rows: tuple[tuple[Unit, tuple[Cell, ...]], ...]

    @property
    def cells(self) -> list[Cell]:
        """All of them."""
        return [cell for _, cells in self.rows for cell in cells]

    def in_state(self, *wanted: Coverage) -> list[Cell]:
        """The cells that stand so, in their order."""
        return [cell for cell in self.cells if cell.state in wanted]


def campaigns_of(bureau_id: uuid.UUID, span: Period | None = None) -> QuerySet[Campaign]:
    """Campaigns, newest first, with their topics; those that touch the span where one is given."""
    rows: QuerySet[Campaign] = Campaign.objects.filter(bureau_id=bureau_id)
    if span is not None:
        rows = rows.filter(pk__in=Campaign.objects.within(span.start, span.end).values("pk"))
    return rows.prefetch_related("topics__phase").order_by("-from_on", "name")


def covered(
    bureau_id: uuid.UUID, campaigns: Iterable[Campaign], as_of: dt.date, within: Q | None = None
) -> list[Covered]:
    """Each campaign against what its layers held until the day; three queries however many there are.

    Args:
        bureau_id: whose campaigns they are.
        campaigns: as `campaigns_of` gives them.
        as_of: later gatherings do not count.
        within: only units that this admits.
    """
    campaigns = [one for one in campaigns if one.from_on <= as_of]
    if not campaigns:
        return []
    start = min(one.from_on for one in campaigns)
    units = list(
        Unit.objects.within(start, as_of)
        .filter(within or Q(), bureau_id=bureau_id, kind__in=list(LAYERS))
        .select_related("successor")
    )
    units.sort(key=lambda unit: (_ORDER[UnitKind(unit.kind)], unit.position, unit.code))
    words: dict[bool, dict[uuid.UUID, set[uuid.UUID]]] = {True: defaultdict(set), False: defaultdict(set)}
    said = CampaignMatch.objects.filter(bureau_id=bureau_id, topic__campaign__in=campaigns)
    for topic_id, gathering_id, is_rejected in said.values_list("topic_id", "gathering_id", "is_rejected"):
        words[is_rejected][topic_id].add(gathering_id)
    linked = {pk for keys in words[False].values() for pk in keys}
    deeds = _deeds(bureau_id, Period(start, as_of), linked, as_of)
    return [_covered(one, units, deeds, words, as_of) for one in campaigns]


def _deeds(
    bureau_id: uuid.UUID, span: Period, linked: set[uuid.UUID], as_of: dt.date
) -> dict[uuid.UUID, list[Deed]]:
    """Gatherings by unit; those of a group are its branch's."""
    entries = LedgerEntry.objects.filter(
        bureau_id=bureau_id, gathering_id=OuterRef("pk"), ledger=Ledger.CAMPAIGN
    )
    days = Q(held_on__range=(span.start, span.end)) | Q(pk__in=linked, held_on__lte=as_of)
    rows = (
        Gathering.objects.held()
        .filter(days, bureau_id=bureau_id, unit__kind__in=[*LAYERS, UnitKind.GROUP])
        .annotate(counts=Exists(entries))
        .values_list("pk", "held_on", "title", "topics", "counts", "unit_id", "unit__kind", "unit__parent_id")
    )
    found: dict[uuid.UUID, list[Deed]] = defaultdict(list)
    for key, day, title, topics, counts, unit_id, kind, parent_id in rows.order_by("held_on", "pk"):
        unit = parent_id if kind == UnitKind.GROUP and parent_id else unit_id
        found[unit].append(Deed(key, day, bare(f"{title}{topics}"), counts))
    return found


def _covered(
    campaign: Campaign,
    units: Sequence[Unit],
    deeds: dict[uuid.UUID, list[Deed]],
    words: dict[bool, dict[uuid.UUID, set[uuid.UUID]]],
    as_of: dt.date,
) -> Covered:
    topics = tuple(campaign.topics.all())
    wanted = {topic.pk: wanted_of(campaign, topic) for topic in topics}
    last = min(campaign.to_on or as_of, as_of)
    rows = []
    for unit in units:
        if unit.from_on > last or (unit.to_on and unit.to_on < campaign.from_on):
            continue
        cells = []
        for topic in topics:
            asked = wanted[topic.pk]
            held = deeds.get(unit.pk, ())
            found = covering(asked, held, words[False][topic.pk], words[True][topic.pk])
            is_asked = LAYERS[UnitKind(unit.kind)] in topic.layers
            days = (unit.from_on, unit.to_on)
            state, why = coverage(asked, found, days, as_of, is_asked=is_asked)
            if state is Coverage.NA and is_asked:
                why = unit.why_ended(Period(asked.start, asked.end or dt.date.max)) or why
            cells.append(Cell(topic, unit, state, why, tuple(found), asked.end))
        rows.append((unit, tuple(cells)))
    return Covered(campaign, topics, tuple(rows))


def wanted_of(campaign: Campaign, topic: CampaignTopic) -> Wanted:
    """The topic as the rules see it: the days are its phase's, or the campaign's."""
    span = topic.phase or campaign
    return Wanted(
        topic.pk, topic.title, words_of(topic.title, topic.words), span.from_on, span.to_on or campaign.to_on
    )


@dataclass(frozen=True)
class Unplaced:
    """A gathering of a kind for campaigns that counts for no topic; `why`: Chinese, where it is of one."""

    gathering: Gathering
    why: str


def unmatched(campaign: Campaign, as_of: dt.date, known: Iterable[Cell], within: Q) -> list[Unplaced]:
    """Gatherings of a kind for campaigns that count for no topic yet: a person may say for which.

    Those that speak of a topic on a day that does not count for it come first and say so.
    """
    used = {one.key for cell in known for one in cell.found}
    last = min(campaign.to_on or as_of, as_of)
    if last < campaign.from_on:
        return []
    rows = (
        Gathering.objects.held()
        .for_ledger(Ledger.CAMPAIGN)
        .between(Period(campaign.from_on, last))
        .filter(within, bureau_id=campaign.bureau_id, unit__kind__in=[*LAYERS, UnitKind.GROUP])
    )
    rows = rows.select_related("unit__parent").defer("minutes").order_by("held_on", "id")
    wanted = [wanted_of(campaign, topic) for topic in campaign.topics.all()]
    found = [Unplaced(row, _why_not(row, wanted)) for row in rows if row.pk not in used]
    return sorted(found, key=lambda one: not one.why)


def _why_not(row: Gathering, wanted: Iterable[Wanted]) -> str:
    text = bare(f"{row.title}{row.topics}")
    topic = next((one for one in wanted if any(word in text for word in one.words)), None)
    if topic is None or topic.has_day(row.held_on):
        return ""
    if row.held_on < topic.start:
        return f"“{topic.title}”自{say_day(topic.start)}起才计"
    return f"“{topic.title}”计到{say_day(topic.end or row.held_on)}为止"


def gatherings_of(unit: Unit, span: Period | None) -> QuerySet[Gathering]:
    """What the unit and its groups held in a span, by day."""
    rows = Gathering.objects.held().filter(
        Q(unit=unit) | Q(unit__parent=unit, unit__kind=UnitKind.GROUP), bureau_id=unit.bureau_id
    )
    return rows.between(span).select_related("unit__parent").defer("minutes").order_by("held_on", "id")


def gatherings_by_key(bureau_id: uuid.UUID, keys: Sequence[uuid.UUID]) -> dict[uuid.UUID, Gathering]:
    """Gatherings that were found to count, with their units."""
    rows = Gathering.objects.filter(bureau_id=bureau_id, pk__in=keys).select_related("unit__parent")
    return {row.pk: row for row in rows.defer("minutes")}
