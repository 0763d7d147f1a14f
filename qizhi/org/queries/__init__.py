"""The state of the organisation on a day."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import AnonymousUser
from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, When

from qizhi.core import clock, kept
from qizhi.core.errors import Refused
from qizhi.core.patterns import late
from qizhi.core.permissions import NO_BUREAU, Actor, Grant, Permission
from qizhi.core.values import dataclass
from qizhi.org.enums import BRANCH_COMMITTEE_ROLES, MemberStatus, Role, UnitKind
from qizhi.org.models import Account, Leave, Membership, Person, Placement, Post, Unit

_NAME_AND_NUMBER = late(r"(?P<name>[^(（]+?)\s*[(（]\s*(?P<number>[^)）]+?)\s*[)）]")
_SPACED = late(r"(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])")  # 张 三, as forms space names of two
NOBODY = Actor(account_id=None, label="未登录", bureau_id=NO_BUREAU)


class Accounts(ModelBackend):
    """Django's own log-in; the account of a request is kept like everything else until the next change."""

    def get_user(self, user_id: Any) -> Account | None:
        """The account of a session."""
        return kept.keep_small(partial(super().get_user, user_id), "org.account", str(user_id))


def actor_of(user: Account | AnonymousUser) -> Actor:
    """Who asks, with the posts held today: one query, or a second for those who hold none."""
    if not isinstance(user, Account) or not user.is_active:
        return NOBODY
    if user.bureau_id is None:
        return Actor(account_id=user.pk, label=user.username, bureau_id=NO_BUREAU)
    return kept.keep(partial(_actor_of, user), "org.actor", user.pk, user.bureau_id, user.person_id)


def _actor_of(user: Account) -> Actor:
    if user.bureau_id is None:
        return NOBODY
    posts = list(
        Post.objects.on(clock.today())
        .filter(bureau_id=user.bureau_id, person_id=user.person_id)
        .order_by("from_on")
        .values_list("role", "unit_id", "unit__path", "person__name", "bureau__short_name", named=True)
    )
    if not posts:
        known = Account.objects.select_related("bureau", "person").get(pk=user.pk)
        label = known.person.name if known.person else known.username
        return Actor(user.pk, label, user.bureau_id, user.person_id, bureau_name=str(known.bureau))
    grants = tuple(Grant(post.role, post.unit_id, post.unit__path) for post in posts)
    first = posts[0]
    return Actor(
        user.pk,
        first.person__name,
        user.bureau_id,
        user.person_id,
        grants,
        bureau_name=first.bureau__short_name,
    )


def accounts_of(person: Person) -> list[Account]:
    """Every account of a person, the one that is enabled first."""
    rows = Account.objects.filter(bureau_id=person.bureau_id, person=person)
    return list(rows.order_by("-is_active", "pk"))


def units_on(bureau_id: uuid.UUID, day: dt.date, *kinds: str) -> QuerySet[Unit]:
    """Units that exist on the day, of the given kinds (all if none is given)."""
    units: QuerySet[Unit] = Unit.objects.on(day).filter(bureau_id=bureau_id)
    return units.filter(kind__in=kinds) if kinds else units


_TREE_ORDER = (
    *(UnitKind.BUREAU, UnitKind.PARTY_GROUP, UnitKind.CENTRE_GROUP, UnitKind.COMMITTEE),
    *(UnitKind.BRANCH, UnitKind.GROUP, UnitKind.DEPARTMENT),
)


def in_tree(units: Iterable[Unit]) -> list[Unit]:
    """Each unit before those below it; of one superior the Party's own first, then by position and code."""
    rows = {unit.path: unit for unit in units}

    def steps(unit: Unit) -> list[tuple[int, int, str]]:
        codes = unit.path.rstrip("/").split("/")
        found = []
        for depth, code in enumerate(codes, start=1):
            one = rows.get("/".join(codes[:depth]) + "/")
            place = (_TREE_ORDER.index(UnitKind(one.kind)), one.position) if one else (len(_TREE_ORDER), 0)
            found.append((*place, code))
        return found

    return sorted(rows.values(), key=steps)


def members_on(unit: Unit, day: dt.date) -> QuerySet[Person]:
    """Party members of a branch or group on the day, by staff number."""
    column = "group" if unit.kind == UnitKind.GROUP else "unit"
    held = Membership.objects.on(day).filter(**{"bureau_id": unit.bureau_id, column: unit})
    return Person.objects.filter(bureau_id=unit.bureau_id, pk__in=held.values("person_id"))


def post_holders_on(unit: Unit, day: dt.date, roles: Sequence[str] = ()) -> QuerySet[Person]:
    """People who hold a post in the unit on the day (one of the roles, if given)."""
    posts = Post.objects.on(day).filter(bureau_id=unit.bureau_id, unit=unit)
    if roles:
        posts = posts.filter(role__in=roles)
    return Person.objects.filter(bureau_id=unit.bureau_id, pk__in=posts.values("person_id"))


def staff_on(unit: Unit, day: dt.date) -> QuerySet[Person]:
    """People placed in the department, or in the whole bureau, on the day."""
    placed = Placement.objects.on(day).filter(bureau_id=unit.bureau_id)
    if unit.kind != UnitKind.BUREAU:
        placed = placed.filter(unit=unit)
    return Person.objects.filter(bureau_id=unit.bureau_id, pk__in=placed.values("person_id"))


def leaves_on(people: QuerySet[Person], bureau_id: uuid.UUID, day: dt.date) -> dict[uuid.UUID, Leave]:
    """Approved leave of these people that covers the day, by person."""
    leaves = Leave.objects.on(day).filter(bureau_id=bureau_id, person__in=people)
    return {leave.person_id: leave for leave in leaves}


@dataclass(frozen=True)
class BranchState:
    """A branch on a day: counts of people, and which bodies it has."""

    members: int
    full_members: int
    voters: int
    committee: int
    groups: int

    @property
    def has_committee(self) -> bool:
        """A committee exists when at least three of its posts are held."""
        return self.committee >= 3  # noqa: PLR2004 - committees have 3 to 5 members (BR-18)

    @property
    def has_groups(self) -> bool:
        """Whether there are groups."""
        return self.groups > 0


def branch_states(
    bureau_id: uuid.UUID, unit_ids: Sequence[uuid.UUID], day: dt.date
) -> dict[uuid.UUID, BranchState]:
    """The state of each branch on the day, in three queries however many there are."""
    full = Q(status__in=[MemberStatus.FULL, MemberStatus.NO_VOTE])
    members = (
        Membership.objects.on(day)
        .filter(bureau_id=bureau_id, unit_id__in=unit_ids)
        .values("unit_id")
        .annotate(
            all=Count("id"),
            full=Count("id", filter=full),
            voters=Count("id", filter=Q(status=MemberStatus.FULL)),
        )
    )
    posts = (
        Post.objects.on(day)
        .filter(bureau_id=bureau_id, unit_id__in=unit_ids, role__in=BRANCH_COMMITTEE_ROLES)
        .values("unit_id")
        .annotate(people=Count("person_id", distinct=True))
    )
    groups = (
        Unit.objects.on(day)
        .filter(bureau_id=bureau_id, parent_id__in=unit_ids, kind=UnitKind.GROUP)
        .values("parent_id")
        .annotate(number=Count("id"))
    )
    by_members: dict[Any, Any] = {row["unit_id"]: row for row in members}
    by_posts: dict[Any, int] = {row["unit_id"]: row["people"] for row in posts}
    by_groups: dict[Any, int] = {row["parent_id"]: row["number"] for row in groups}
    empty = {"all": 0, "full": 0, "voters": 0}
    return {
        unit_id: BranchState(
            members=by_members.get(unit_id, empty)["all"],
            full_members=by_members.get(unit_id, empty)["full"],
            voters=by_members.get(unit_id, empty)["voters"],
            committee=by_posts.get(unit_id, 0),
            groups=by_groups.get(unit_id, 0),
        )
        for unit_id in unit_ids
    }


def secretaries_on(bureau_id: uuid.UUID, day: dt.date) -> QuerySet[Post]:
    """Secretary posts on the day, with their people."""
    held: QuerySet[Post] = (
        Post.objects.on(day).filter(bureau_id=bureau_id, role="secretary").select_related("person")
    )
    return held


def with_open_membership(people: QuerySet[Person], day: dt.date) -> QuerySet[Person]:
    """Annotate `is_member`: whether each person is a Party member on the day."""
    held = Membership.objects.on(day).filter(person=OuterRef("pk"))
    return people.annotate(is_member=Exists(held))


def group_sizes(bureau_id: uuid.UUID, day: dt.date) -> dict[uuid.UUID, int]:
    """How many members each group has on the day."""
    held = Membership.objects.on(day).filter(bureau_id=bureau_id, group__isnull=False)
    counted = held.order_by().values_list("group_id").annotate(number=Count("id"))
    return dict(counted)


def posts_on(unit: Unit, day: dt.date) -> QuerySet[Post]:
    """Posts of the unit on the day, in the order of the roles' weight, a deputy after the one who leads."""
    held: QuerySet[Post] = Post.objects.on(day).filter(bureau_id=unit.bureau_id, unit=unit)
    weight = Case(*(When(role=role, then=number) for number, role in enumerate(Role)), default=len(Role))
    is_deputy = Case(When(title__startswith="副", then=1), default=0)
    return held.select_related("person").order_by(weight, is_deputy, "from_on")


def member_rows_on(unit: Unit, day: dt.date) -> QuerySet[Membership]:
    """Memberships of the branch or group on the day, with their people."""
    column = "group" if unit.kind == UnitKind.GROUP else "unit"
    held: QuerySet[Membership] = Membership.objects.on(day).filter(
        **{"bureau_id": unit.bureau_id, column: unit}
    )
    return held.select_related("person", "group").order_by("person__staff_no")


def visible_people(
    actor: Actor, wanted: Permission, day: dt.date, *, text: str = "", unit: str = "", has_left: bool = True
) -> QuerySet[Person]:
    """People the actor may see, narrowed by a name or staff number and by a unit's code on the day.

    Without `has_left` nobody who had left, or had not yet come, by that day.
    """
    reach = actor.reach(wanted)
    people = Person.objects.filter(bureau_id=actor.bureau_id)
    if not reach.is_all:
        in_branch = Membership.objects.filter(reach.units()).values("person_id")
        in_department = Placement.objects.filter(reach.units()).values("person_id")
        people = people.filter(Q(pk__in=in_branch) | Q(pk__in=in_department) | Q(pk=reach.person_id))
    if not has_left:
        people = people.filter(Q(left_on=None) | Q(left_on__gte=day))
        people = people.filter(Q(entered_on=None) | Q(entered_on__lte=day))
    if text:
        people = people.filter(Q(name__icontains=text) | Q(staff_no__icontains=text))
    if unit:
        members = (
            Membership.objects.on(day).filter(bureau_id=actor.bureau_id, unit__code=unit).values("person_id")
        )
        staff = (
            Placement.objects.on(day).filter(bureau_id=actor.bureau_id, unit__code=unit).values("person_id")
        )
        people = people.filter(Q(pk__in=members) | Q(pk__in=staff))
    return people.order_by("staff_no")


@dataclass(frozen=True)
class PersonLine:
    """A person with what holds on a day."""

    person: Person
    department: str
    branch: str
    status: str
    posts: str


def people_lines(people: Iterable[Person], bureau_id: uuid.UUID, day: dt.date) -> list[PersonLine]:
    """The lines of a list of people, in three queries however long it is."""
    people = list(people)
    ids = [person.pk for person in people]
    placed = Placement.objects.on(day).filter(bureau_id=bureau_id, person_id__in=ids).select_related("unit")
    joined = Membership.objects.on(day).filter(bureau_id=bureau_id, person_id__in=ids).select_related("unit")
    held = Post.objects.on(day).filter(bureau_id=bureau_id, person_id__in=ids).select_related("unit")
    department = {row.person_id: str(row.unit) for row in placed}
    member = {row.person_id: row for row in joined}
    posts: dict[uuid.UUID, list[str]] = {}
    for post in held:
        posts.setdefault(post.person_id, []).append(post.full_label)
    return [
        PersonLine(
            person,
            department.get(person.pk, ""),
            str(member[person.pk].unit) if person.pk in member else "",
            member[person.pk].get_status_display() if person.pk in member else "",
            "、".join(posts.get(person.pk, [])),
        )
        for person in people
    ]


class PeopleIndex:
    """Finds people by staff number, name or `name(staff number)`, for a whole table in one query."""

    def __init__(self, bureau_id: uuid.UUID) -> None:
        """Load names and numbers once."""
        self._by_number: dict[str, Person] = {}
        self._by_name: dict[str, list[Person]] = {}
        self._given = 0
        for person in Person.objects.filter(bureau_id=bureau_id):
            self.add(person)

    def add(self, person: Person) -> None:
        """Make a new person findable."""
        self._by_number[person.staff_no] = person
        self._by_name.setdefault(person.name, []).append(person)

    def by_number(self, staff_no: str) -> Person | None:
        """The person of that staff number."""
        return self._by_number.get(staff_no)

    def named(self, name: str) -> list[Person]:
        """Everybody of that name."""
        return self._by_name.get(name, [])

    def free_number(self, prefix: str) -> str:
        """A number that nobody has, and that is given only once: L0001, L0002."""
        self._given += 1
        while f"{prefix}{self._given:04}" in self._by_number:
            self._given += 1
        return f"{prefix}{self._given:04}"

    def find(self, text: str) -> Person:
        """The one person meant.

        Raises:
            Refused: nobody, or several people of that name; the message says which and what to write.
        """
        match = _NAME_AND_NUMBER.fullmatch(text.strip())
        name, number = (match["name"], match["number"]) if match else (text.strip(), "")
        name = _SPACED.sub("", name)
        if number or name in self._by_number:
            person = self._by_number.get(number or name)
            if person is None or (number and person.name != name):
                message = f"没有工号为 {number or name}、姓名为“{name}”的人员。请核对姓名和工号。"
                raise Refused(message)
            return person
        people = self._by_name.get(name, [])
        if not people:
            message = f"人员库里没有“{name}”。请核对姓名，或先导入人员。"
            raise Refused(message)
        if len(people) > 1:
            numbers = "、".join(f"{name}({person.staff_no})" for person in people)
            message = f"有 {len(people)} 位“{name}”。请写明工号：{numbers}。"
            raise Refused(message)
        return people[0]
