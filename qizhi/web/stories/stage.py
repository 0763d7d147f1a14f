"""The bureau in which a story is played: a few people, two branches, the rules of the file, the calendar."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

from qizhi.conduct.models import Case, Inspection, Observation
from qizhi.core.ids import new_id
from qizhi.core.permissions import Actor, system
from qizhi.gatherings.models import Gathering, Kind
from qizhi.gatherings.services import load_standard_kinds
from qizhi.org.enums import MemberStatus, Role, UnitKind
from qizhi.org.models import Bureau, Membership, Person, Placement, Post, Unit
from qizhi.regulations.models import Exemption, Finding, Regulation
from qizhi.regulations.queries import papers_for
from qizhi.regulations.services import load_national_calendar
from qizhi.regulations.services.national import load_regulation
from qizhi.regulations.services.proposals import with_proposals
from qizhi.tasks.models import Document, Extension
from qizhi.web.stories.reading import Story
from qizhi.web.stories.words import BRANCHES, DEPARTMENTS, OFFICERS, PEOPLE

EVER = dt.date(2010, 1, 1)
"""Everybody and everything of the stage has been there since then."""
R = TypeVar("R")


class StoryError(ValueError):
    """A step that cannot be done as it is written; Chinese."""


class NothingThere(StoryError):  # noqa: N818 - it says what is the case
    """Nothing is there to which the step could be done; a story may expect just that (被拒)."""


@dataclass
class Stage:
    """What a story has made so far, by the names that it gives."""

    bureau: Bureau
    regulation: Regulation
    units: Mapping[str, Unit]
    people: Mapping[str, Person]
    documents: dict[str, Document] = field(default_factory=dict)
    gatherings: dict[str, Gathering] = field(default_factory=dict)
    observations: dict[str, Observation] = field(default_factory=dict)
    cases: dict[str, Case] = field(default_factory=dict)
    extensions: dict[str, Extension] = field(default_factory=dict)
    exemptions: dict[str, Exemption] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    inspection: Inspection | None = None

    @property
    def office(self) -> Actor:
        """Who enters records."""
        return system(self.bureau.pk)

    def by(self, name: str) -> Actor:
        """One of the officers, or of the people, who acts."""
        person = self.people[name]
        return Actor(new_id(), name, self.bureau.pk, person_id=person.pk)

    @cached_property
    def kinds(self) -> dict[str, Kind]:
        """Kinds of gatherings by name."""
        return {kind.name: kind for kind in Kind.objects.filter(bureau=self.bureau)}

    @cached_property
    def names(self) -> dict[uuid.UUID, str]:
        """Names of people and units by key."""
        known = [*self.units.items(), *self.people.items()]
        return {row.pk: name for name, row in known}

    def known(self, rows: Mapping[str, R], name: str, what: str) -> R:
        """What the story has made under a name.

        Raises:
            StoryError: nothing of that name was made yet.
        """
        if name not in rows:
            there = f"已有{'、'.join(rows)}" if rows else "还一个都没有"
            message = f"前面没有名为“{name}”的{what}（{there}）。"
            raise StoryError(message)
        return rows[name]

    def free(self, rows: Mapping[str, Any], name: str, what: str) -> None:
        """Refuse a second thing of a name."""
        if name in rows:
            message = f"前面已有名为“{name}”的{what}，请换一个名字。"
            raise StoryError(message)

    def subject_of(self, row: Finding) -> str:
        """Whom a finding concerns, as the story names it."""
        return self.names.get(row.person_id or row.unit_id or self.bureau.pk, "全局")


def set_stage(entry: Mapping[str, Any], story: Story) -> Stage:
    """Make the bureau of a story.

    Args:
        entry: the file: the document by which it is judged.
        story: its days say which years of the calendar are wanted.
    """
    bureau = Bureau.objects.create(code=f"s{new_id().hex[-19:]}", name="示例局", short_name="示例局")
    by = system(bureau.pk)
    units = _units(bureau)
    people = _people(bureau, units)
    years = {int(year) for year in re.findall(r"\b(20\d\d)\b", str(story.steps))}
    years |= {step.day.year for step in story.steps}
    near = range(min(years) - 1, max(years) + 2)
    load_national_calendar(bureau, by=by, years=set(near) - set(story.lacking))
    load_standard_kinds(bureau, by=by)
    # What costs points is proved, in a story as in an office.
    proved = with_proposals(entry, papers_for(bureau.pk))
    return Stage(bureau, load_regulation(bureau, proved, by=by), units, people)


def _units(bureau: Bureau) -> dict[str, Unit]:
    root = Unit(bureau=bureau, kind=UnitKind.BUREAU, code="b", name="示例局", path="b/", from_on=EVER)
    found = {"示例局": root}
    for kind, names in ((UnitKind.BRANCH, BRANCHES), (UnitKind.DEPARTMENT, DEPARTMENTS)):
        for number, name in enumerate(names, start=1):
            code = f"{kind}-{number}"
            found[name] = Unit(
                bureau=bureau,
                kind=kind,
                code=code,
                name=name,
                parent=root,
                path=f"b/{code}/",
                position=number,
                from_on=EVER,
            )
    Unit.objects.bulk_create(found.values())
    return found


def _people(bureau: Bureau, units: Mapping[str, Unit]) -> dict[str, Person]:
    names = [*PEOPLE, *OFFICERS]
    people = {
        name: Person(bureau=bureau, staff_no=f"{number:04}", name=name)
        for number, name in enumerate(names, start=1)
    }
    Person.objects.bulk_create(people.values())
    made = {"bureau": bureau, "from_on": EVER}
    Placement.objects.bulk_create(
        Placement(**made, person=person, unit=units[f"{PEOPLE[name]}处" if name in PEOPLE else "示例局"])
        for name, person in people.items()
    )
    Membership.objects.bulk_create(
        Membership(**made, person=people[name], unit=units[f"{place}支部"], status=MemberStatus.FULL)
        for name, place in PEOPLE.items()
    )
    # Without a post whoever records would be gone, and anybody could go on with their cases.
    root, recorder = units["示例局"], people[OFFICERS[0]]
    Post.objects.create(**made, person=recorder, unit=root, role=Role.DISCIPLINE_OFFICER)
    return people
