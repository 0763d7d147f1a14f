"""Drafts that wait for a second person, and who changed them last."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.db.models import Q

from qizhi.core.models import AuditEvent
from qizhi.core.permissions import Actor
from qizhi.core.values import dataclass
from qizhi.org.models import Account
from qizhi.regulations.enums import VersionStatus
from qizhi.regulations.models import Clause, Version
from qizhi.regulations.permissions import MANAGE_REGULATIONS, PUBLISH_REGULATIONS


@dataclass(frozen=True)
class Waiting:
    """A draft with its last change; `is_own`: the reader made it and cannot publish."""

    version: Version
    changed: AuditEvent | None
    is_own: bool


def sees_drafts(actor: Actor) -> bool:
    """Whether drafts concern the person: who writes them, and who publishes them."""
    return actor.may(MANAGE_REGULATIONS) or actor.may(PUBLISH_REGULATIONS)


def waiting_for(actor: Actor) -> list[Waiting]:
    """Every draft of the bureau, for those whom drafts concern; five queries at most, none for others."""
    if not sees_drafts(actor):
        return []
    drafts = list(
        Version.objects.filter(bureau_id=actor.bureau_id, status=VersionStatus.DRAFT)
        .select_related("regulation")
        .order_by("effective_from", "regulation__title")
    )
    changes = last_changes(drafts)
    own = own_accounts(actor) if drafts else set()
    return [Waiting(draft, changes.get(draft.pk), draft.changed_by_id in own) for draft in drafts]


def to_publish(actor: Actor) -> list[Waiting]:
    """The drafts that wait for this very person: who may publish and did not make the last change."""
    if not actor.may(PUBLISH_REGULATIONS):
        return []
    return [one for one in waiting_for(actor) if not one.is_own]


def own_accounts(actor: Actor) -> set[uuid.UUID]:
    """The accounts of the reader's person, whichever they have logged in with; one query."""
    known = {actor.account_id} if actor.account_id else set()
    if actor.person_id is None:
        return known
    return known | set(Account.objects.filter(person_id=actor.person_id).values_list("pk", flat=True))


def last_changes(versions: Iterable[Version]) -> dict[uuid.UUID, AuditEvent]:
    """The last change of each version, of its clauses and of their cases, from the log; two queries."""
    wanted = {version.pk: version.bureau_id for version in versions}
    if not wanted:
        return {}
    owner = dict(Clause.objects.filter(version_id__in=list(wanted)).values_list("pk", "version_id"))
    removed = Q(verb="regulations.remove_clause", before__version_id__in=[str(key) for key in wanted])
    events = AuditEvent.objects.filter(
        Q(object_id__in=[*wanted, *owner]) | removed, bureau_id__in=set(wanted.values())
    )
    found: dict[uuid.UUID, AuditEvent] = {}
    for event in events.order_by("at", "id").defer("after"):
        key = event.object_id
        if event.verb == "regulations.remove_clause":
            key = uuid.UUID(event.before["version_id"])
        elif key in owner:
            key = owner[key]
        if key is not None:
            found[key] = event
    return found


def revision_of(clause: Clause) -> Clause | None:
    """The same clause in the draft that is being written of its document; None without one."""
    rows = Clause.objects.filter(
        bureau_id=clause.bureau_id,
        version__regulation_id=clause.version.regulation_id,
        version__status=VersionStatus.DRAFT,
        key=clause.key,
    )
    return rows.select_related("version").first()
