"""The overview on the screen and as files."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from qizhi.core import clock
from qizhi.core.documents.files import docx_of, pdf_of
from qizhi.core.errors import Refused
from qizhi.core.http import actor_of, bureau_of, download, reads
from qizhi.reports import queries
from qizhi.reports.forms import ReckoningForm
from qizhi.reports.permissions import EDIT_TEMPLATE, ISSUE_OVERVIEW, SEE_OVERVIEW
from qizhi.reports.services import files
from qizhi.reports.services.overview import MOST_CHARACTERS, Overview, generate


@reads(SEE_OVERVIEW)
def overview(request: HttpRequest) -> HttpResponse:
    """The overview of a year as it can be said on a day; each number opens to its rows."""
    form = ReckoningForm(request.GET)
    if not form.is_valid():
        return render(request, "reports/overview.html", {"form": form}, status=422)
    made = generate(queries.bureau_of_id(bureau_of(request)), form.day, form.report_year)
    actor = actor_of(request)
    context = {
        "form": form,
        "overview": made,
        "most_characters": MOST_CHARACTERS,
        "query": f"as_of={form.day.isoformat()}&year={form.report_year}",
        "may_edit": actor.may(EDIT_TEMPLATE),
        "may_issue": actor.may(ISSUE_OVERVIEW),
    }
    return render(request, "reports/overview.html", context)


@reads(SEE_OVERVIEW)
def overview_file(request: HttpRequest, kind: str) -> HttpResponse:
    """The overview as a draft: docx, PDF, or JSON with every row."""
    if kind not in files.CONTENT_TYPES:
        raise Http404
    form = ReckoningForm(request.GET)
    if not form.is_valid() or form.said_instead:  # a file leaves the page that could say so
        return render(request, "reports/overview.html", {"form": form}, status=422)
    made = generate(queries.bureau_of_id(bureau_of(request)), form.day, form.report_year)
    name = f"{made.title}（草稿，数据截至{made.reckoning.as_of}）.{kind}"
    return download(_content(made, kind), name, files.CONTENT_TYPES[kind])


def _content(made: Overview, kind: str) -> bytes:
    if kind == "json":
        return files.as_json(made)
    if made.errors:
        first = made.errors[0]
        raise Refused(f"没有生成文件：模板有写法错误。{first.where}：{first.message}请先在模板里改好。")
    write = docx_of if kind == "docx" else pdf_of
    return write(files.document_of(made), clock.now(), made.bureau.name)
