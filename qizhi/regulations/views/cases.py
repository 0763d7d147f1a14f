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
from qizhi.regulations.services import clause_cases as services


@reads(SEE_REGULATIONS)
def clause_cases(request: HttpRequest, clause_id: uuid.UUID) -> HttpResponse:
    """Each case with its facts, what it expects, and what the clause says of it today."""
    actor = actor_of(request)
    found = clause_for(actor, SEE_REGULATIONS, clause_id)
    if found.version.is_draft and not sees_drafts(actor):
        raise Http404
    tried = services.try_version(found.version, found.pk).get(found.pk, [])
    context = {
        "clause": found,
        "words": say_clause(found),
        "tried": [(one, say_facts(one.case.given), _say(one.case.expected)) for one in tried],
        "earlier": sum(1 for one in tried if one.is_earlier),
        "failed": sum(1 for one in tried if one.problem),
        "may_edit": actor.may(MANAGE_REGULATIONS) and found.version.is_draft and found.kind,
    }
    return render(request, "regulations/cases.html", context)


def _say(expected: str | Mapping[str, str]) -> str:
    return expected if isinstance(expected, str) else say_facts(expected)


@writes(MANAGE_REGULATIONS)
def clause_cases_edit(request: HttpRequest, clause_id: uuid.UUID) -> HttpResponse:
    """Write the cases of a clause of a draft, and see at once which hold."""
    actor = actor_of(request)
    found = clause_for(actor, MANAGE_REGULATIONS, clause_id)
    form = CasesForm(request.POST or None, initial={"text": services.text_of(found.cases.all())})
    problem = "" if found.version.is_draft else f"“{found.version.label}”已发布，案例不能再改。"
    if request.method == "POST" and form.is_valid():
        try:
            services.save_cases(clause=found, text=form.cleaned_data["text"], by=actor)
        except Refused as error:
            say_refusal(form, error)
        else:
            messages.success(request, "案例已保存，结果见下。", extra_tags=f"cases-{found.pk}")
            return redirect("regulations:clause_cases", found.pk)
    context = {
        "form": form,
        "clause": found,
        "words": say_clause(found),
        "expected": WORDS,
        "draft": f"cases-{found.pk}",
        "problem": problem,
    }
    return render(request, "regulations/cases_edit.html", context, status=422 if form.errors else 200)
