"""What conduct supervisors say at their meetings, and the tasks that follow."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from qizhi.conduct.forms.registers import OpinionForm
from qizhi.conduct.permissions.registers import MANAGE_OPINIONS, SEE_OPINIONS, meeting_for, opinion_for
from qizhi.conduct.queries import risks as queries
from qizhi.conduct.services import risks as services
from qizhi.conduct.views.registers_shared import data_of, saved, tabs_for
from qizhi.core import clock
from qizhi.core.http import actor_of, reads, table_file, writes
from qizhi.core.paging import page_of
from qizhi.core.permissions import Actor
from qizhi.core.tables import Column
from qizhi.core.tables.values import parse_day, parse_text
from qizhi.org.enums import Role, UnitKind
from qizhi.org.queries import PeopleIndex
from qizhi.tasks.forms.duties import TaskForm
from qizhi.tasks.forms.duties import today_first as task_first
from qizhi.tasks.permissions import MANAGE_DUTIES, SEE_DUTIES
from qizhi.tasks.queries import duties as duty_queries

MOST_TASK = 300
SAID = ("supervisor", "text", "answer")
OPINION_COLUMNS = (
    Column(key="held_on", label="会议日期", parse=parse_day, width=14),
    Column(key="meeting", label="会议", parse=parse_text, width=30),
    Column(key="supervisor", label="提出人", parse=parse_text, width=14),
    Column(key="text", label="意见建议", parse=parse_text, width=50),
    Column(key="answer", label="当场答复", parse=parse_text, width=40),
    Column(key="duty", label="督办事项", parse=parse_text, width=40),
)


@reads(SEE_OPINIONS)
def opinions(request: HttpRequest) -> HttpResponse:
    """Supervisors' meetings with what was said at each and what became of it."""
    actor = actor_of(request)
    meetings = queries.meetings_with_opinions(actor)
    if (kind := request.GET.get("format")) in {"xlsx", "csv"}:
        rows = [
            {
                "held_on": one.held_on,
                "meeting": one.title,
                "supervisor": said.supervisor,
                "text": said.text,
                "answer": said.answer,
                "duty": str(said.duty or ""),
            }
            for one in meetings
            for said in one.opinions.all()
        ]
        return table_file(OPINION_COLUMNS, rows, "行风监督意见", kind)
    page = page_of(meetings, 20, request.GET.get("page"))
    _tell_tasks(page, actor)
    context = {
        "tabs": tabs_for(actor, "conduct:opinions"),
        "page_of_meetings": page,
        "open": queries.open_opinions(actor.bureau_id).count(),
        "may_manage": actor.may(MANAGE_OPINIONS),
        "may_task": actor.may(MANAGE_DUTIES),
        "may_see_tasks": actor.may(SEE_DUTIES),
    }
    return render(request, "conduct/opinions.html", context)


def _tell_tasks(meetings: Iterable[Any], actor: Actor) -> None:
    """Say of each opinion that has a task how many of its units have done it; one query and its calendar."""
    opinions = [said for one in meetings for said in one.opinions.all() if said.duty is not None]
    rolled = duty_queries.rolled([said.duty for said in opinions], actor, SEE_DUTIES, clock.today())
    for said, task in zip(opinions, rolled, strict=True):
        said.task = task


@writes(MANAGE_OPINIONS)
def opinion_new(request: HttpRequest, gathering_id: uuid.UUID) -> HttpResponse:
    """Write down an opinion of a meeting."""
    actor = actor_of(request)
    meeting = meeting_for(actor, MANAGE_OPINIONS, gathering_id)
    form = OpinionForm(data_of(request))
    return saved(
        request,
        form,
        lambda: services.record_opinion(gathering=meeting, **form.cleaned_data, by=actor),
        title="登记行风监督意见",
        lead=f"{meeting.title} {meeting.day_label}",
        back=f"{reverse('conduct:opinions')}#meeting-{meeting.pk}",
    )


@writes(MANAGE_OPINIONS)
def opinion_edit(request: HttpRequest, opinion_id: uuid.UUID) -> HttpResponse:
    """Correct the words of an opinion."""
    actor = actor_of(request)
    found = opinion_for(actor, MANAGE_OPINIONS, opinion_id)
    form = OpinionForm(data_of(request), initial={name: getattr(found, name) for name in SAID})

    def save() -> None:
        values = {name: form.cleaned_data[name] for name in SAID}
        services.correct_opinion(found, **values, by=actor)

    back = f"{reverse('conduct:opinions')}#meeting-{found.gathering_id}"
    return saved(request, form, save, title="修改行风监督意见", back=back, row=found)


@writes(MANAGE_DUTIES)
def opinion_task(request: HttpRequest, opinion_id: uuid.UUID) -> HttpResponse:
    """Make a tracked task of an opinion."""
    actor, today = actor_of(request), clock.today()
    found = opinion_for(actor, SEE_OPINIONS, opinion_id)
    if found.duty is not None:
        return redirect(found.duty)
    issuers = duty_queries.issuers(actor.bureau_id, today)
    units = duty_queries.units_on_duty(actor.bureau_id, today)
    committee = issuers.filter(kind=UnitKind.COMMITTEE).first()
    text = f"行风监督意见：{found.text}"[:MOST_TASK]
    first = task_first(issuer=committee, owner_role=Role.DEPARTMENT_HEAD, text=text)
    form = TaskForm(
        data_of(request),
        initial=first,
        find=PeopleIndex(actor.bureau_id).find,
        issuers=issuers,
        units=units,
        regulations=duty_queries.papers(actor.bureau_id),
    )

    def save() -> None:
        head = {name: form.cleaned_data[name] for name in ("issuer", "issued_on", "units")}
        services.follow_opinion(found, **head, values=form.values, by=actor)

    back = f"{reverse('conduct:opinions')}#meeting-{found.gathering_id}"
    lead = "转为任务后，办理、延期和办结都在任务里，不再另报"
    return saved(request, form, save, title="转为督办任务", lead=lead, back=back, step="布置")
