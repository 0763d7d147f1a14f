"""Education campaigns, and what people said of gatherings whose words no machine would have found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from qizhi.gatherings.models import Gathering
from qizhi.sample.diary import Diary
from qizhi.sample.rows import words
from qizhi.study.enums import Layer
from qizhi.study.models import Campaign, CampaignMatch, CampaignPhase, CampaignTopic

BESIDES = ("cg", "oc")
"""Units whose gatherings bear other titles than the campaign's topics: a person placed their first one."""


@dataclass
class Campaigns:
    """Writes campaigns with phases, topics and people's words."""

    diary: Diary

    def tell(self) -> None:
        """Every campaign that had begun by the last day; what it plans ahead is known from its beginning."""
        more: dict[str, Any] = words("learning")
        for said in words("topics")["campaigns"]:
            if said["from_on"] <= self.diary.until:
                self._campaign(
                    said, more["phases"].get(said["name"], []), more["notes"].get(said["name"], "")
                )

    def _campaign(self, said: dict[str, Any], phases: list[dict[str, Any]], note: str) -> None:
        rows, start = self.diary.rows, said["from_on"]
        made = rows.add(Campaign, start, name=said["name"], from_on=start, to_on=said["to_on"], note=note)
        parts = [rows.add(CampaignPhase, start, campaign=made, **phase) for phase in phases]
        for number, title in enumerate(said["topics"], start=1):
            # The first is for all three layers; the others are for the branches.
            topic = rows.add(
                CampaignTopic,
                start,
                campaign=made,
                phase=parts[-1] if parts and number == len(said["topics"]) else None,
                position=number,
                title=title,
                layers=list(Layer.values) if number == 1 else [Layer.BRANCH.value],
            )
            if number == 1:
                self._place(topic, made)

    def _place(self, topic: CampaignTopic, campaign: Campaign) -> None:
        for code in BESIDES:
            held = (
                row
                for row in self.diary.rows.of(Gathering)
                if row.unit_id == self.diary.units[code].pk and row.held_on >= campaign.from_on
            )
            first = min(held, key=lambda row: (row.held_on, row.pk), default=None)
            if first is not None and campaign.to_on and first.held_on <= campaign.to_on:
                self.diary.rows.add(CampaignMatch, first.held_on, topic=topic, gathering=first)
