"""Issuing the overview, and what was issued."""

from __future__ import annotations

import json
import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from qizhi.core import clock
from qizhi.core.errors import Refused
from qizhi.core.http import actor_of, bureau_of, download, is_fragment, reads, say_refusal, writes
from qizhi.core.paging import page_of
from qizhi.org.models import Bureau
from qizhi.org.permissions import MANAGE_UNITS
from qizhi.reports import queries
from qizhi.reports.forms import IssueForm, ReckoningForm
from qizhi.reports.models import IssuedOverview
from qizhi.reports.permissions import ISSUE_OVERVIEW, SEE_OVERVIEW, issued_for
from qizhi.reports.services import files, issuing
from qizhi.reports.services.overview import generate

PAGE = 30
DRAFT = "issue-overview"


@reads(SEE_OVERVIEW)
def issued_list(request: HttpRequest) -> HttpResponse:
    """Everything that was issued, newest first."""
    rows = IssuedOverview.objects.filter(bureau_id=bureau_of(request)).defer("docx", "pdf", "content")
    page = page_of(rows, PAGE, request.GET.get("page"))
    may_issue = actor_of(request).may(ISSUE_OVERVIEW)
    return render(request, "reports/issued_list.html", {"page_of_issued": page, "may_issue": may_issue})


@writes(ISSUE_OVERVIEW)
def issue(request: HttpRequest) -> HttpResponse:
    """Give the overview its number, signature and day."""
    bureau = queries.bureau_of_id(bureau_of(request))
    reckoning = ReckoningForm(request.GET)
    if not reckoning.is_valid():
        return render(request, "reports/issue.html", {"reckoning": reckoning}, status=422)
    made = generate(bureau, reckoning.day, reckoning.report_year)
    seen = issuing.fingerprint(made)
    form = IssueForm(request.POST) if request.method == "POST" else IssueForm(initial=_initial(bureau, seen))
    if form.is_bound and form.is_valid():
        try:
            saved = _issue(request, bureau, reckoning, form)
        except Refused as error:
            say_refusal(form, error)
            form.data = {**request.POST.dict(), "seen": seen}  # this page is what is looked at next
        else:
            messages.success(request, f"{saved.doc_no} 已出文，文件和当时的数字都已存档。", extra_tags=DRAFT)
            return redirect(saved)
    context = {
        "reckoning": reckoning,
        "overview": made,
        "form": form,
        "draft": DRAFT,
        "has_prefix": bool(bureau.doc_prefix),
        "may_keep": actor_of(request).may(MANAGE_UNITS),
    }
    return render(request, "reports/issue.html", context, status=422 if form.errors else 200)


def _initial(bureau: Bureau, seen: str) -> dict[str, Any]:
    today = clock.today()
    return {
        "seen": seen,
        "mark": bureau.mark or bureau.name,
        "doc_no": issuing.next_doc_no(bureau, today),
        "signer": bureau.signer,
        "issued_on": today,
    }


def _issue(request: HttpRequest, bureau: Bureau, reckoning: ReckoningForm, form: IssueForm) -> IssuedOverview:
    values = form.cleaned_data
    head = files.Letterhead(values["mark"], values["doc_no"], values["signer"], values["issued_on"])
    return issuing.issue_overview(
        bureau=bureau,
        year=reckoning.report_year,
        as_of=reckoning.day,
        head=head,
        seen=values["seen"],
        by=actor_of(request),
        id=values["id"],
    )


@reads(SEE_OVERVIEW)
def issued(request: HttpRequest, issued_id: uuid.UUID) -> HttpResponse:
    """One issued overview: its files, and each number as it was."""
    found = issued_for(actor_of(request), issued_id)
    return render(request, "reports/issued.html", {"issued": found, "content": found.content})


@reads(SEE_OVERVIEW)
def issued_rows(request: HttpRequest, issued_id: uuid.UUID, index: int) -> HttpResponse:
    """The rows of one number as they were when it was issued."""
    found = issued_for(actor_of(request), issued_id)
    numbers = found.content["numbers"]
    if index >= len(numbers):
        raise Http404
    template = "reports/_issued_rows.html" if is_fragment(request) else "reports/issued_rows.html"
    return render(request, template, {"issued": found, "number": numbers[index]})


@reads(SEE_OVERVIEW)
def issued_file(request: HttpRequest, issued_id: uuid.UUID, kind: str) -> HttpResponse:
    """A file as it was issued, byte for byte; as JSON, the numbers with their rows."""
    if kind not in files.CONTENT_TYPES:
        raise Http404
    found = issued_for(actor_of(request), issued_id)
    if kind == "json":
        content = (json.dumps(found.content, ensure_ascii=False, indent=1) + "\n").encode()
    else:
        content = bytes(found.docx if kind == "docx" else found.pdf)
    return download(content, f"{found.doc_no} {found.title}.{kind}", files.CONTENT_TYPES[kind])
