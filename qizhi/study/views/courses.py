"""The register of courses, and what people say they completed."""

from __future__ import annotations

import uuid
from functools import partial

from django.contrib import messages
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from qizhi.core.http import actor_of, reads, writes
from qizhi.core.tables import Column
from qizhi.core.tables.values import parse_decimal, parse_integer, parse_text
from qizhi.org.models import Person
from qizhi.study.forms.hours import CompletionForm, CourseForm, NewCompletionForm, NewCourseForm
from qizhi.study.models import Course
from qizhi.study.permissions.hours import (
    MANAGE_COURSES,
    RECORD_OWN,
    SEE_HOURS,
    completion_for,
    course_for,
)
from qizhi.study.services import hours as services
from qizhi.study.views.shared import edited, table, wants_table

COLUMNS = (
    Column(key="name", label="课程", parse=parse_text, width=40),
    Column(key="provider", label="学习平台", parse=parse_text, width=20),
    Column(key="hours", label="学时", parse=parse_decimal),
    Column(key="number", label="完成人次", parse=parse_integer),
    Column(key="central", label="集中培训", parse=parse_text),
    Column(key="active", label="可以选用", parse=parse_text),
)


def _courses(bureau_id: uuid.UUID) -> QuerySet[Course]:
    return Course.objects.filter(bureau_id=bureau_id).order_by("provider", "name")


def _yes(flag: bool) -> str:  # noqa: FBT001 - a cell of a table
    return "是" if flag else "否"


@reads(SEE_HOURS)
def courses(request: HttpRequest) -> HttpResponse:
    """Every course with how often it was completed."""
    actor = actor_of(request)
    found = list(_courses(actor.bureau_id).annotate(number=Count("completions")))
    if wants_table(request):
        rows = [
            {**vars(one), "central": _yes(one.is_central), "active": _yes(one.is_active)} for one in found
        ]
        return table(request, COLUMNS, rows, "课程")
    context = {"courses": found, "may_manage": actor.may(MANAGE_COURSES)}
    return render(request, "study/courses.html", context)


@writes(MANAGE_COURSES)
def course_new(request: HttpRequest) -> HttpResponse:
    """Make a course."""
    form = NewCourseForm(request.POST if request.method == "POST" else None)
    back = reverse("study:courses")
    return edited(request, form, services.save_course, title="新建课程", back=back)


@writes(MANAGE_COURSES)
def course_edit(request: HttpRequest, course_id: uuid.UUID) -> HttpResponse:
    """Correct a course."""
    found = course_for(actor_of(request), course_id)
    initial = {name: getattr(found, name) for name in CourseForm.base_fields}
    form = CourseForm(request.POST if request.method == "POST" else None, initial=initial)
    save = partial(services.save_course, found)
    return edited(request, form, save, title=f"修改课程：{found}", back=reverse("study:courses"), row=found)


@writes(RECORD_OWN)
def completion_new(request: HttpRequest) -> HttpResponse:
    """Say that one completed a course; voluntary."""
    actor = actor_of(request)
    if actor.person_id is None:
        raise Http404
    person = Person.objects.get(bureau_id=actor.bureau_id, pk=actor.person_id)
    chosen = _courses(actor.bureau_id).filter(is_active=True)
    form = NewCompletionForm(request.POST if request.method == "POST" else None, courses=chosen)
    save = partial(services.record_completion, person=person)
    lead = "自愿登记，来源记为“本人登记”；平台的完成名单导入后以名单为准，不重复计。"
    back = reverse("study:hours_person", args=[person.pk])
    return edited(request, form, save, title="登记完成的课程", lead=lead, back=back)


@writes(RECORD_OWN)
def completion_edit(request: HttpRequest, completion_id: uuid.UUID) -> HttpResponse:
    """Correct what was completed."""
    actor = actor_of(request)
    found = completion_for(actor, completion_id)
    initial = {name: getattr(found, name) for name in ("course", "hours", "completed_on")}
    data = request.POST if request.method == "POST" else None
    form = CompletionForm(data, initial=initial, courses=_courses(actor.bureau_id))
    save = partial(services.change_completion, found)
    title = f"更正：{found.person}完成的“{found.course}”"
    return edited(request, form, save, title=title, back=found.get_absolute_url(), row=found)


@writes(RECORD_OWN)
def completion_remove(request: HttpRequest, completion_id: uuid.UUID) -> HttpResponse:
    """Take back what was written down by mistake."""
    actor = actor_of(request)
    found = completion_for(actor, completion_id)
    back = found.get_absolute_url()
    if request.method == "POST":
        services.remove_completion(found, by=actor)
        messages.success(request, f"“{found.course}”的完成记录已删除，操作日志中留有内容。")
    return redirect(back)
