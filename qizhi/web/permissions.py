"""Objects of the front of the house, fetched and checked for a person."""

from __future__ import annotations

import uuid

from django.core.exceptions import PermissionDenied
from django.http import Http404

from qizhi.core import imports
from qizhi.core.imports import Importer
from qizhi.core.models import ImportDraft
from qizhi.core.permissions import Actor
from qizhi.web.models import Feed

_FIRST = (
    *("org.units", "org.people", "org.memberships", "org.posts"),
    *("gatherings.gatherings", "tasks.plans"),
)
"""The tables with which a bureau begins, in the order in which they need each other; the others follow."""


def importers_for(actor: Actor) -> list[Importer]:
    """The kinds of table this person may bring in."""
    found = [importer for importer in imports.all_importers() if actor.may(importer.wanted)]
    return sorted(found, key=lambda one: _FIRST.index(one.key) if one.key in _FIRST else len(_FIRST))


def importer_for(actor: Actor, key: str) -> Importer:
    """The importer of that key; Http404 if there is none, PermissionDenied if it is not for this person."""
    importer = imports.get(key)
    if importer is None:
        raise Http404
    if not actor.may(importer.wanted):
        raise PermissionDenied(importer.wanted.label)
    return importer


def draft_for(actor: Actor, draft_id: uuid.UUID) -> tuple[Importer, ImportDraft]:
    """A kept file and its importer; others' files are not found, unless one sees the whole bureau."""
    draft = ImportDraft.objects.filter(bureau_id=actor.bureau_id, pk=draft_id).first()
    if draft is None:
        raise Http404
    importer = importer_for(actor, draft.importer)
    if draft.by_id != actor.account_id and not actor.reach(importer.wanted).is_all:
        raise Http404
    return importer, draft


def feed_for(actor: Actor, feed_id: uuid.UUID) -> Feed:
    """One's own calendar address; Http404 otherwise."""
    feeds = Feed.objects.filter(bureau_id=actor.bureau_id, owner_id=actor.person_id, pk=feed_id)
    feed = feeds.select_related("unit").first() if actor.person_id else None
    if feed is None:
        raise Http404
    return feed
