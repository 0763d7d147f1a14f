"""The working calendar: a year on a page, and the papers it stands on."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from qizhi.core import audit, clock
from qizhi.core.errors import Refused
from qizhi.core.http import actor_of, bureau_of, form_page, reads, say_refusal, writes
from qizhi.core.years import year_asked
from qizhi.regulations import queries, services
from qizhi.regulations.enums import CalendarScope, Confirmation
from qizhi.regulations.forms.calendar import PaperForm, RemovePaperForm
from qizhi.regulations.models import CalendarPaper
from qizhi.regulations.permissions import MANAGE_CALENDAR, SEE_REGULATIONS, paper_for

LEAD = "保存后，用到这一年工作日的地方都按新的安排计算"


@reads(SEE_REGULATIONS)
def calendar(request: HttpRequest) -> HttpResponse:
    """Twelve months of a year, each day with what the papers say; a year without a paper is unknown."""
    year = year_asked(request, is_ahead=True)
    bureau_id = bureau_of(request)
    context = {
        "year": queries.calendar_year(bureau_id, year),
        "papers": queries.papers_of(bureau_id, year),
        "withdrawn": queries.papers_removed(bureau_id, year),
        "years": queries.known_years(bureau_id, clock.today().year + 1),
        "may_manage": actor_of(request).may(MANAGE_CALENDAR),
    }
    return render(request, "regulations/calendar.html", context)


@writes(MANAGE_CALENDAR)
def paper_new(request: HttpRequest) -> HttpResponse:
    """Enter a notice; `?year=` fills in what is known of it."""
    actor = actor_of(request)
    year = year_asked(request, is_ahead=True)
    scope = request.GET.get("scope", "")
    scope = scope if scope in CalendarScope.values else CalendarScope.NATIONAL.value
    is_national = scope == CalendarScope.NATIONAL
    if is_national:  # a year has one national notice: who enters one has that of the next year
        year = queries.year_without_paper(actor.bureau_id, year)
    initial = {
        "year": year,
        "scope": scope,
        "title": f"国务院办公厅关于{year}年部分节假日安排的通知" if is_national else "",
        "confirmation": Confirmation.SEEN,
    }
    form = PaperForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.put_calendar_paper(values=form.cleaned_data, by=actor, id=form.cleaned_data["id"])
        except Refused as error:
            say_refusal(form, error)
        else:
            messages.success(request, _say_saved(made), extra_tags="paper-new")
            return redirect(made)
    back = f"{reverse('regulations:calendar')}?year={year}"
    return form_page(request, form, title="录入放假安排通知", lead=LEAD, back=back, draft="paper-new")


@writes(MANAGE_CALENDAR)
def paper_edit(request: HttpRequest, paper_id: uuid.UUID) -> HttpResponse:
    """Correct a notice; what was counted by it is counted anew."""
    actor = actor_of(request)
    found = paper_for(actor, MANAGE_CALENDAR, paper_id)
    back, draft = found.get_absolute_url(), f"paper-{found.pk}"
    form = PaperForm(
        request.POST or None, initial={name: getattr(found, name) for name in services.calendar.FIELDS}
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.put_calendar_paper(values=form.cleaned_data, by=actor, paper=found)
        except Refused as error:
            say_refusal(form, error)
        else:
            messages.success(request, _say_saved(found), extra_tags=draft)
            return redirect(found)
    title, told = "更正放假安排通知", audit.tell(found)
    return form_page(request, form, title=title, lead=LEAD, back=back, draft=draft, history=told)


@writes(MANAGE_CALENDAR)
def paper_remove(request: HttpRequest, paper_id: uuid.UUID) -> HttpResponse:
    """Take a notice away that was entered by mistake, and say why."""
    actor = actor_of(request)
    found = paper_for(actor, MANAGE_CALENDAR, paper_id)
    form = RemovePaperForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        services.remove_calendar_paper(paper=found, because=form.cleaned_data["because"], by=actor)
        said = f"已删除《{found.title}》，请核对{found.year}年的工作日历；依据它判定过的月份，请重新核算。"
        messages.success(request, said)
        return redirect(found.get_absolute_url())
    lead = f"{found}。只删除录错的；删除以后，没有别的全国通知的年份工作日未知"
    back = found.get_absolute_url()
    return form_page(request, form, title="删除放假安排通知", lead=lead, back=back, step="删除")


def _say_saved(paper: CalendarPaper) -> str:
    """What the year is worth now: of half a notice, of what it says nothing and from when on that counts."""
    done = f"{paper.year}年的工作日历已更新，请核对。"
    year = queries.calendar_year(paper.bureau_id, paper.year)
    if year.until is None or not year.missing:
        return done
    return f"{done}通知没有说到{'、'.join(year.missing)}，{year.unknown_from}起仍按未知处理。"
