"""Who may do what, where: permissions as values, posts that hold them, scope in the tree of units.

Core knows no post and no unit: a role is a text, a unit a key and a path. `org` fills them in.
"""

from __future__ import annotations

import uuid
from enum import StrEnum

from django.db.models import Q

from qizhi.core.values import dataclass


class Scope(StrEnum):
    """How far a permission reaches from the unit of the post."""

    SELF = "self"
    OWN_UNIT = "own_unit"
    SUBTREE = "subtree"
    ALL = "all"


SCOPE_LABELS = {
    Scope.SELF: "本人",
    Scope.OWN_UNIT: "本组织",
    Scope.SUBTREE: "本组织及下级",
    Scope.ALL: "全局",
}
NO_BUREAU = uuid.UUID(int=0)
"""The bureau of those who have none: no row carries it, so every filter comes back empty."""
ANYONE = "anyone"
"""The role of every account that belongs to the bureau."""


@dataclass(frozen=True)
class Permission:
    """A thing one may do; `key` is stored in logs and documents and never changes."""

    key: str
    label: str
    held_by: tuple[tuple[str, Scope], ...]


_registry: dict[str, Permission] = {}


def permission(*, key: str, label: str, held_by: tuple[tuple[str, Scope], ...]) -> Permission:
    """Declare a permission; ValueError if the key is taken."""
    value = Permission(key, label, held_by)
    if _registry.setdefault(key, value) != value:
        message = f"permission {key} is declared twice"
        raise ValueError(message)
    return value


def all_permissions() -> list[Permission]:
    """Every declared permission by key, for the matrix in the docs."""
    return [_registry[key] for key in sorted(_registry)]


@dataclass(frozen=True)
class Grant:
    """A post held now: its role, its unit and the unit's path in the tree."""

    role: str
    unit_id: uuid.UUID
    path: str


@dataclass(frozen=True)
class Reach:
    """The units that a permission covers for one actor."""

    bureau_id: uuid.UUID
    is_all: bool = False
    unit_ids: frozenset[uuid.UUID] = frozenset()
    paths: tuple[str, ...] = ()
    person_id: uuid.UUID | None = None

    def __bool__(self) -> bool:
        """Whether the permission reaches anything at all."""
        return bool(self.is_all or self.unit_ids or self.paths or self.person_id)

    def covers(self, unit_id: uuid.UUID | None, path: str) -> bool:
        """Whether a unit (of the same bureau) lies inside."""
        if self.is_all or unit_id in self.unit_ids:
            return True
        return any(path.startswith(prefix) for prefix in self.paths)

    def units(self, prefix: str = "unit") -> Q:
        """Filter for rows whose unit `prefix` lies inside; `""` filters units themselves."""
        lead = f"{prefix}__" if prefix else ""
        bureau = Q(bureau_id=self.bureau_id)
        if self.is_all:
            return bureau
        # An always-false start, so that somebody without units sees nothing rather than everything.
        own = Q(**{f"{prefix}_id__in" if prefix else "id__in": list(self.unit_ids)})
        for path in self.paths:
            own |= Q(**{f"{lead}path__startswith": path})
        return bureau & own


@dataclass(frozen=True)
class Actor:
    """Who asks: an account with the posts it holds today. Services take it as `by`."""

    account_id: uuid.UUID | None
    label: str
    bureau_id: uuid.UUID
    person_id: uuid.UUID | None = None
    grants: tuple[Grant, ...] = ()
    is_system: bool = False
    bureau_name: str = ""

    def reach(self, wanted: Permission) -> Reach:
        """The units that `wanted` covers for this actor."""
        if self.is_system:
            return Reach(self.bureau_id, is_all=True)
        unit_ids: set[uuid.UUID] = set()
        paths: list[str] = []
        person_id = None
        for role, scope in wanted.held_by:
            held = self.grants if role == ANYONE else [g for g in self.grants if g.role == role]
            if role == ANYONE and scope is Scope.ALL and self.account_id and self.bureau_id != NO_BUREAU:
                return Reach(self.bureau_id, is_all=True)
            if role == ANYONE and scope is Scope.SELF:
                person_id = self.person_id
            elif held and scope is Scope.ALL:
                return Reach(self.bureau_id, is_all=True)
            elif scope is Scope.SUBTREE:
                paths += [grant.path for grant in held]
            elif scope is Scope.OWN_UNIT:
                unit_ids |= {grant.unit_id for grant in held}
        return Reach(self.bureau_id, unit_ids=frozenset(unit_ids), paths=tuple(paths), person_id=person_id)

    def may(self, wanted: Permission, unit_id: uuid.UUID | None = None, path: str = "") -> bool:
        """Whether `wanted` is held at all or, with a unit, whether it covers that unit."""
        reach = self.reach(wanted)
        return bool(reach) if unit_id is None else reach.covers(unit_id, path)


def system(bureau_id: uuid.UUID, label: str = "系统") -> Actor:
    """The actor of a command run on the server itself; each change still says so in the log."""
    return Actor(account_id=None, label=label, bureau_id=bureau_id, is_system=True)
