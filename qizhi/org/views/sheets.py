"""Lists of the organisation as files: what stands on their pages, a row each."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db.models import QuerySet

from qizhi.core.tables import Column
from qizhi.core.tables.values import integer, parse_day, parse_text
from qizhi.org.models import Membership, Person, Post
from qizhi.org.queries import people_lines

BATCH = 500
PEOPLE = (
    Column(key="staff_no", label="工号", parse=parse_text),
    Column(key="name", label="姓名", parse=parse_text),
    Column(key="department", label="处室", parse=parse_text, width=20),
    Column(key="branch", label="党支部", parse=parse_text, width=20),
    Column(key="status", label="党员类别", parse=parse_text),
    Column(key="posts", label="职务", parse=parse_text, width=30),
    Column(key="left_on", label="离岗日期", parse=parse_day, width=14),
)
UNITS = (
    Column(key="name", label="名称", parse=parse_text, width=24),
    Column(key="kind", label="类别", parse=parse_text),
    Column(key="members", label="党员", parse=integer()),
    Column(key="full_members", label="正式党员", parse=integer()),
    Column(key="voters", label="有表决权", parse=integer()),
    Column(key="committee", label="支委会", parse=parse_text),
    Column(key="groups", label="党小组", parse=integer()),
    Column(key="from_on", label="成立", parse=parse_day, width=14),
)
UNIT = (
    Column(key="staff_no", label="工号", parse=parse_text),
    Column(key="name", label="姓名", parse=parse_text),
    Column(key="posts", label="职务", parse=parse_text, width=24),
    Column(key="status", label="党员类别", parse=parse_text),
    Column(key="group", label="党小组", parse=parse_text, width=16),
    Column(key="from_on", label="自", parse=parse_day, width=14),
)


def people_rows(people: QuerySet[Person], bureau_id: uuid.UUID, day: dt.date) -> Iterator[dict[str, Any]]:
    """Everybody whom the list finds, on all its pages; four queries for each five hundred."""
    found = list(people)
    for start in range(0, len(found), BATCH):
        for line in people_lines(found[start : start + BATCH], bureau_id, day):
            yield {
                "staff_no": line.person.staff_no,
                "name": line.person.name,
                "department": line.department or None,
                "branch": line.branch or None,
                "status": line.status or None,
                "posts": line.posts or None,
                "left_on": line.person.left_on,
            }


def unit_row(line: Mapping[str, Any]) -> dict[str, Any]:
    """A unit, set in below its superior, and the state of a branch."""
    unit, state = line["unit"], line["state"]
    row = {
        "name": "　" * max(line["depth"] - 1, 0) + unit.name,
        "kind": unit.get_kind_display(),
        "from_on": unit.from_on,
    }
    if state is None:
        return row | {"members": line["members"]}
    committee = f"{state.committee} 人" if state.has_committee else "不设"
    numbers = {key: getattr(state, key) for key in ("members", "full_members", "voters", "groups")}
    return {**row, **numbers, "committee": committee}


def unit_people(
    posts: Iterable[Post], members: Iterable[Membership], staff: Iterable[Person]
) -> Iterator[dict[str, Any]]:
    """Everybody on the page of a unit once: who holds a post first, with the membership if it is shown."""
    rows: dict[uuid.UUID, dict[str, Any]] = {}
    shown = {row.person_id: row for row in members}
    people = {person.pk: person for person in staff}
    for post in posts:
        row = rows.setdefault(post.person_id, {"name": post.person.name, "from_on": post.from_on})
        row["posts"] = "、".join(filter(None, (row.get("posts"), str(post))))
    for key, one in shown.items():
        row = rows.setdefault(key, {"name": one.person.name})
        group = str(one.group) if one.group else None
        more = {"status": one.get_status_display(), "group": group, "from_on": one.from_on}
        row |= {"staff_no": one.person.staff_no, **more}
    for key, person in people.items():
        rows.setdefault(key, {"name": person.name})["staff_no"] = person.staff_no
    yield from rows.values()
