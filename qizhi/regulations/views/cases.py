"""The golden cases of a clause, with what comes of them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from qizhi.core.errors import Refused
from qizhi.core.http import actor_of, reads, say_refusal, writes
from qizhi.regulations.forms.clauses import CasesForm
from qizhi.regulations.kinds import say_clause, say_facts
from qizhi.regulations.kinds.cases import WORDS
from qizhi.regulations.permissions import MANAGE_REGULATIONS, SEE_REGULATIONS, clause_for
from qizhi.regulations.queries import sees_drafts
from qizhi.regulations.queries.drafts import revision_of
from qizhi.regulations.services import clause_cases as services
from qizhi.regulations.services.proposals import text_with_proposals


@reads(SEE_REGULATIONS)
def clause_cases(request: HttpRequest, clause_id: uuid.UUID) -> HttpResponse:
    """Each case with its facts, what it expects, and what the clause says of it today."""
    actor = actor_of(request)
    found = clause_for(actor, SEE_REGULATIONS, clause_id)
    if found.version.is_draft and not sees_drafts(actor):
        raise Http404
    tried = services.try_version(found.version, found.pk).get(found.pk, [])
    version, may_edit = found.version, actor.may(MANAGE_REGULATIONS)
    context = {
        "clause": found,
        "words": say_clause(found),
        "tried": [(one, say_facts(one.case.given), _say(one.case.expected)) for one in tried],
        "earlier": sum(1 for one in tried if one.is_earlier),
        "failed": sum(1 for one in tried if one.problem),
        "unproved": services.unproved(found, tried) if version.is_draft else "",
        "may_edit": may_edit and version.is_draft and found.kind,
        "may_revise": may_edit and not version.is_draft,
        "revision": revision_of(found) if may_edit and not version.is_draft else None,
        "text": "" if version.is_draft else services.text_of(found.cases.all()),
    }
    return render(request, "regulations/cases.html", context)


def _say(expected: str | Mapping[str, str]) -> str:
    return expected if isinstance(expected, str) else say_facts(expected)


@writes(MANAGE_REGULATIONS)
def clause_cases_edit(request: HttpRequest, clause_id: uuid.UUID) -> HttpResponse:
    """Write the cases of a clause of a draft, and see at once which hold; those of a published one are read.

    `do=propose` adds to what is written what the kind proposes, and saves nothing.
    """
    actor = actor_of(request)
    found = clause_for(actor, MANAGE_REGULATIONS, clause_id)
    is_draft, is_asked = found.version.is_draft, request.POST.get("do") == "propose"
    if not is_draft and request.method != "POST":
        return redirect("regulations:clause_cases", found.pk)
    form = CasesForm(request.POST or None, initial={"text": services.text_of(found.cases.all())})
    proposed = None
    if request.method == "POST" and form.is_valid():
        try:
            if is_asked and is_draft:
                text, proposed = text_with_proposals(found, form.cleaned_data["text"])
                form = CasesForm(initial={"text": text})
            else:
                services.save_cases(clause=found, text=form.cleaned_data["text"], by=actor)
                messages.success(request, "案例已保存，结果见下。", extra_tags=f"cases-{found.pk}")
                return redirect("regulations:clause_cases", found.pk)
        except Refused as error:
            say_refusal(form, error)
    context = {
        "form": form,
        "clause": found,
        "words": say_clause(found),
        "expected": WORDS,
        # What was typed stands in what is proposed: the browser must not put it back over that.
        "draft": f"cases-{found.pk}" if proposed is None else "",
        "proposed": proposed,
        "is_draft": is_draft,
        "costs": found.is_enabled and found.points < 0,
    }
    return render(request, "regulations/cases_edit.html", context, status=422 if form.errors else 200)
