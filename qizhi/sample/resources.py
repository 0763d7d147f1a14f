"""Bases, role models, pledges, tags and projects, with the gatherings that refer to them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from qizhi.gatherings.models import Gathering
from qizhi.sample.diary import Diary
from qizhi.sample.rows import words
from qizhi.sample.staff import START
from qizhi.study.enums import ResourceKind
from qizhi.study.models import Resource, ResourceLink


@dataclass
class Resources:
    """Writes the registers; a gathering belongs to a base by its place or title, as a person would say."""

    diary: Diary

    def tell(self) -> None:
        """The bases of the list of places, and all others with the words by which they are known."""
        for place in words("topics")["onsite_places"]:
            made = self._resource(ResourceKind.BASE, name=place, place="示例市", from_on=START)
            self._link(made, place)
        for said in words("learning")["role_models"]:
            if said["from_on"] <= self.diary.until:
                values = {name: said[name] for name in ("name", "place", "from_on")}
                self._link(self._resource(ResourceKind.ROLE_MODEL, **values), said["word"])
        for said in words("learning")["tags"]:
            if said["from_on"] <= self.diary.until:
                values = {name: said[name] for name in ("name", "from_on", "note")}
                self._link(self._resource(ResourceKind(said["kind"]), **values), said["word"])

    def _resource(self, kind: ResourceKind, *, from_on: dt.date, **values: Any) -> Resource:
        return self.diary.rows.add(Resource, from_on, kind=kind, from_on=from_on, **values)

    def _link(self, resource: Resource, word: str) -> None:
        for row in list(self.diary.rows.of(Gathering)):
            text = f"{row.title}{row.topics}{row.place}"
            if word in text and row.held_on >= resource.from_on:
                self.diary.rows.add(ResourceLink, row.held_on, resource=resource, gathering=row)
