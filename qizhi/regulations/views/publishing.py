"""What two versions differ in, and the second person who puts a draft into force."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from qizhi.core import clock
from qizhi.core.errors import Refused
from qizhi.core.http import actor_of, reads, writes
from qizhi.core.permissions import Actor
from qizhi.regulations import queries, services
from qizhi.regulations.kinds import ChangeWords, say_difference
from qizhi.regulations.models import Version
from qizhi.regulations.permissions import (
    MANAGE_REGULATIONS,
    PUBLISH_REGULATIONS,
    SEE_REGULATIONS,
    regulation_for,
    version_for,
)
from qizhi.regulations.queries.reaching_back import reaching_back
from qizhi.regulations.rules import compare_paragraphs
from qizhi.regulations.services.clause_cases import gaps
from qizhi.regulations.views.uses import UsesWords, say_uses


@writes(PUBLISH_REGULATIONS)
def version_publish(request: HttpRequest, version_id: uuid.UUID) -> HttpResponse:
    """Show what the draft changes, who changed it and what rests on it, then put it into force."""
    actor = actor_of(request)
    found = version_for(actor, PUBLISH_REGULATIONS, version_id)
    services.check_draft(found)
    is_refused = False
    blocked = services.why_not_second(found, actor)
    if request.method == "POST":
        try:
            services.publish_version(version=found, by=actor)
        except Refused as error:
            blocked, is_refused = error.message, True
        else:
            messages.success(request, f"“{found.label}”已发布。")
            return redirect(found)
    context = _publication(actor, found) | {
        "problem": blocked,
        "may_publish": not services.why_not_second(found, actor),
        "may_edit": actor.may(MANAGE_REGULATIONS),
    }
    context["is_blocked"] = any(one.is_blocking for one in context["gaps"].values())
    return render(request, "regulations/publish.html", context, status=422 if is_refused else 200)


def _publication(actor: Actor, found: Version) -> dict[str, Any]:
    draft, earlier = queries.draft_and_earlier(found)
    changes = [say_difference(one) for one in queries.differences(draft, earlier)]
    return {
        "version": draft,
        "earlier": earlier,
        "changes": [(one, _rest_on(actor, one)) for one in changes],
        "texts": [one for one in _texts(earlier, draft) if one.is_changed],
        "changed": queries.last_changes([draft]).get(draft.pk),
        "back": reaching_back(actor, draft, earlier),
        "today": clock.today(),
        "gaps": gaps(draft, [one.key for one in changes]),
    }


def _rest_on(actor: Actor, change: ChangeWords) -> UsesWords | None:
    return say_uses(actor, change.kind) if change.kind else None


def _texts(one: Version | None, other: Version) -> list[Any]:
    return compare_paragraphs(one.text if one else "", other.text)


@reads(SEE_REGULATIONS)
def compare(request: HttpRequest, regulation_id: uuid.UUID) -> HttpResponse:
    """Any two versions of a document beside each other; the last two when none are chosen."""
    actor = actor_of(request)
    found = regulation_for(actor, SEE_REGULATIONS, regulation_id)
    versions = list(queries.versions_of(found, with_draft=queries.sees_drafts(actor)))
    by_key = {str(version.pk): version for version in versions}
    other = by_key.get(request.GET.get("other", "")) or next(iter(versions), None)
    one = by_key.get(request.GET.get("one", "")) or (versions[1] if len(versions) > 1 else None)
    is_ready = one is not None and other is not None
    if is_ready and one.effective_from > other.effective_from:  # type: ignore[union-attr]
        one, other = other, one
    context = {
        "regulation": found,
        "choices": [(key, _label(version)) for key, version in by_key.items()],
        "one": one,
        "other": other,
        "texts": _texts(one, other) if other else [],
        "changes": [say_difference(change) for change in queries.differences(other, one)] if other else [],
    }
    return render(request, "regulations/compare.html", context)


def _label(version: Version) -> str:
    return f"{version.label}（{version.effective_from:%Y-%m-%d}{'，草稿' if version.is_draft else ''}）"
