"""Contests: the list, a contest with its results, and what the host prepares."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from qizhi.core import audit, clock
from qizhi.core.errors import Refused
from qizhi.core.http import actor_of, download, form_page, reads, say_refusal, sheet, writes
from qizhi.core.paging import page_of
from qizhi.core.tables import Column, write_csv, write_xlsx
from qizhi.core.tables.values import integer, parse_day, parse_text
from qizhi.study.forms.contests import ContestForm, KeyForm, NewRoundForm, RoundForm, TeamsForm
from qizhi.study.models import Bank, Contest
from qizhi.study.permissions.contests import (
    RUN_CONTESTS,
    SEE_CONTESTS,
    contest_for,
    contest_question_for,
    round_for,
)
from qizhi.study.queries.contests import Results, board_lines, contests_of, results_of
from qizhi.study.queries.self_tests import topics_to_ask
from qizhi.study.services import contests as services

PAGE = 30
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

CONTESTS = (
    Column(key="held_on", label="日期", parse=parse_day, width=14),
    Column(key="name", label="名称", parse=parse_text, width=40),
    Column(key="teams", label="参赛队", parse=integer()),
    Column(key="rounds", label="轮次", parse=integer()),
)


def _contest_row(one: Any) -> dict[str, Any]:
    return {"held_on": one.held_on, "name": one.name, "teams": one.team_count, "rounds": one.round_count}


@reads(SEE_CONTESTS)
def contests(request: HttpRequest) -> HttpResponse:
    """Every contest, newest first."""
    actor = actor_of(request)
    found = contests_of(actor.bureau_id)
    if (file := sheet(request, CONTESTS, map(_contest_row, found), "知识竞赛")) is not None:
        return file
    page = page_of(found, PAGE, request.GET.get("page"))
    return render(request, "study/contests.html", {"contests": page, "may_run": actor.may(RUN_CONTESTS)})


@reads(SEE_CONTESTS)
def contest(request: HttpRequest, contest_id: uuid.UUID) -> HttpResponse:
    """A contest: points of the revealed rounds, and their questions with keys."""
    actor = actor_of(request)
    found = contest_for(actor, SEE_CONTESTS, contest_id)
    results = results_of(found)
    lines = board_lines(results, clock.now(), is_by_total=False)
    kind = request.GET.get("format")
    if kind in {"xlsx", "csv"}:
        return _table(found, results, kind)
    may_run = actor.may(RUN_CONTESTS)
    context = {
        "contest": found,
        "results": results,
        "lines": lines,
        "revealed": [(one, results.solved(one.pk)) for one in results.rounds if one.revealed_at],
        "may_run": may_run,
        "history": audit.tell(found, results.rounds) if may_run else [],
    }
    return render(request, "study/contest.html", context)


def _table(found: Contest, results: Results, kind: str) -> HttpResponse:
    rounds = [one for one in results.rounds if one.revealed_at]
    columns = (
        Column(key="team", label="参赛队", parse=parse_text),
        Column(key="members", label="队员", parse=parse_text, width=30),
        *(Column(key=str(one.pk), label=one.name, parse=integer()) for one in rounds),
        Column(key="total", label="合计", parse=integer()),
    )
    rows = []
    for team in results.teams:
        points = {str(one.pk): results.scores.get((team.pk, one.pk), 0) for one in rounds}
        total = sum(points.values())
        rows.append({"team": team.name, "members": team.members or None, **points, "total": total})
    if kind == "csv":
        return download(write_csv(columns, rows), f"{found.name}.csv", "text/csv; charset=utf-8")
    return download(write_xlsx(columns, rows, found.name), f"{found.name}.xlsx", _XLSX)


@writes(RUN_CONTESTS)
def contest_new(request: HttpRequest) -> HttpResponse:
    """Make a contest; teams and rounds follow on the host's page."""
    return _contest_page(request, None)


@writes(RUN_CONTESTS)
def contest_edit(request: HttpRequest, contest_id: uuid.UUID) -> HttpResponse:
    """Change name, day and note."""
    return _contest_page(request, contest_for(actor_of(request), RUN_CONTESTS, contest_id))


def _contest_page(request: HttpRequest, found: Contest | None) -> HttpResponse:
    names = ("name", "held_on", "note")
    initial = {name: getattr(found, name) for name in names} if found else {}
    form = ContestForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name] for name in names}
        made = services.save_contest(
            **values, contest=found, id=form.cleaned_data["id"], by=actor_of(request)
        )
        messages.success(request, "竞赛已保存。")
        return redirect("study:contest_host", made.pk)
    back = reverse("study:contest_host", args=[found.pk]) if found else reverse("study:contests")
    return form_page(request, form, title="修改竞赛" if found else "新建竞赛", back=back)


@writes(RUN_CONTESTS)
def contest_teams(request: HttpRequest, contest_id: uuid.UUID) -> HttpResponse:
    """The teams in their fixed order, one a line."""
    found = contest_for(actor_of(request), RUN_CONTESTS, contest_id)
    rows = [f"{one.name}：{one.members}" if one.members else one.name for one in found.teams.all()]
    form = TeamsForm(request.POST if request.method == "POST" else None, initial={"teams": "\n".join(rows)})
    host = reverse("study:contest_host", args=[found.pk])
    if request.method == "POST" and form.is_valid():
        try:
            services.set_teams(found, form.cleaned_data["teams"], by=actor_of(request))
        except Refused as error:
            say_refusal(form, error)
        else:
            messages.success(request, "参赛队已保存。")
            return redirect(host)
    return form_page(request, form, title="参赛队", lead=found.name, back=host)


@writes(RUN_CONTESTS)
def round_new(request: HttpRequest, contest_id: uuid.UUID) -> HttpResponse:
    """Add a round; its questions are drawn from a bank."""
    actor = actor_of(request)
    found = contest_for(actor, RUN_CONTESTS, contest_id)
    sources = topics_to_ask(actor.bureau_id, is_open_only=False)
    form = NewRoundForm(request.POST if request.method == "POST" else None, sources=sources)
    host = reverse("study:contest_host", args=[found.pk])
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        bank_id, _, topic = values["source"].partition("|")
        bank = Bank.objects.get(bureau_id=actor.bureau_id, pk=bank_id)
        drawn = {"bank": bank, "topic": topic, "number": values["number"], "id": values["id"]}
        try:
            services.add_round(found, form.facts(), **drawn, by=actor)
        except Refused as error:
            say_refusal(form, error)
        else:
            messages.success(request, "这一轮已添加，题目已抽好。")
            return redirect(host)
    return form_page(request, form, title="添加一轮", lead=found.name, back=host)


@writes(RUN_CONTESTS)
def round_edit(request: HttpRequest, round_id: uuid.UUID) -> HttpResponse:
    """Change the name, times and worth of a round."""
    row = round_for(actor_of(request), RUN_CONTESTS, round_id)
    names = ("name", "pace", "points", "seconds", "opens_at", "closes_at")
    initial = {name: getattr(row, name) for name in names}
    form = RoundForm(request.POST if request.method == "POST" else None, initial=initial)
    host = reverse("study:contest_host", args=[row.contest_id])
    if request.method == "POST" and form.is_valid():
        try:
            services.change_round(row, form.facts(), by=actor_of(request))
        except Refused as error:
            say_refusal(form, error)
        else:
            messages.success(request, "这一轮已保存。")
            return redirect(host)
    return form_page(request, form, title="修改这一轮", lead=row.name, back=host)


@writes(RUN_CONTESTS)
def key_correct(request: HttpRequest, asked_id: uuid.UUID) -> HttpResponse:
    """Correct the key of a question that was asked; totals follow by themselves."""
    row = contest_question_for(actor_of(request), RUN_CONTESTS, asked_id)
    initial = {
        "answer": row.right or "\n".join(row.accepted),
        "is_void": row.is_void,
        "because": row.corrected_because,
    }
    form = KeyForm(request.POST if request.method == "POST" else None, initial=initial)
    host = reverse("study:contest_host", args=[row.round.contest_id])
    if request.method == "POST" and form.is_valid():
        try:
            services.correct_key(row, **form.cleaned_data, by=actor_of(request))
        except Refused as error:
            say_refusal(form, error)
        else:
            messages.success(request, "答案已更正，各队得分已按更正后的答案重新计算。")
            return redirect(host)
    return form_page(request, form, title="更正答案", lead=str(row), back=host)
