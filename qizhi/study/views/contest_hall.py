"""A contest while it is played: the host's page, the board of the hall, the page of a team."""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.views.decorators.csrf import csrf_exempt

from qizhi.core import clock
from qizhi.core.errors import Refused
from qizhi.core.http import actor_of, public, reads, writes
from qizhi.core.ids import new_id
from qizhi.study.forms.contests import TeamAnswerForm
from qizhi.study.models import ContestQuestion, ContestRound, ContestTeam
from qizhi.study.permissions.contests import (
    RUN_CONTESTS,
    SEE_CONTESTS,
    contest_for,
    round_for,
    team_by_key,
)
from qizhi.study.queries.contests import Results, board_lines, counting_answer, results_of
from qizhi.study.rules.contests import Pace, Standing
from qizhi.study.services import contests as services

STANDINGS = {
    Standing.WAITING: ("due", "未开始"),
    Standing.OPEN: ("unknown", "进行中"),
    Standing.CLOSED: ("done", "已截止"),
}


@reads(RUN_CONTESTS)
def contest_host(request: HttpRequest, contest_id: uuid.UUID) -> HttpResponse:
    """What the host does next: start, next question, close, reveal; with everything as it stands.

    The page asks every two seconds which teams have answered what is open; it never says what they answered.
    """
    found = contest_for(actor_of(request), RUN_CONTESTS, contest_id)
    results, now = results_of(found), clock.now()
    context = {"contest": found, "team_count": len(results.teams), "current": results.asked_now(now)}
    if "part" in request.GET:
        return render(request, "study/_host_open.html", context)
    context["rounds"] = [_host_round(one, results, now) for one in results.rounds]
    context["all_rounds"] = results.rounds
    context["lines"] = board_lines(results, now, is_by_total=False, is_host=True)
    return render(request, "study/contest_host.html", context)


def _host_round(one: ContestRound, results: Results, now: dt.datetime) -> dict[str, Any]:
    """A round with its questions, and the steps of the host in words that say what they will do."""
    standing, questions = one.window.standing(now), results.questions[one.pk]
    shown = max((row.position for row in questions if row.opened_at), default=0)
    opens = f"{len(questions)} 题同时开放" if one.pace == Pace.ALL else "出第 1 题"
    return {
        "round": one,
        "standing": STANDINGS[standing],
        "is_open": standing is Standing.OPEN,
        "is_closed": standing is Standing.CLOSED,
        "questions": [(row, STANDINGS[row.standing(now)]) for row in questions],
        "shown": shown,
        "start_step": f"开始这一轮，{opens}",
        "next_step": f"出第 {shown + 1} 题",
    }


@writes(RUN_CONTESTS)
def round_run(request: HttpRequest, round_id: uuid.UUID) -> HttpResponse:
    """One step of a round: start, next, close, reveal or hide."""
    actor = actor_of(request)
    row = round_for(actor, RUN_CONTESTS, round_id)
    if request.method == "POST":
        step, after = request.POST.get("do", ""), request.POST.get("after", "")
        if step == "start":
            services.start_round(row, by=actor)
        elif step == "next" and after.isascii() and after.isdigit():
            services.next_question(row, after=int(after[:6]), by=actor)
        elif step == "close":
            services.close_round(row, by=actor)
        elif step in {"reveal", "hide"}:
            services.reveal_round(row, is_revealed=step == "reveal", by=actor)
    return redirect("study:contest_host", row.contest_id)


@writes(RUN_CONTESTS)
def board_order(request: HttpRequest, contest_id: uuid.UUID) -> HttpResponse:
    """Let the board keep the fixed order of teams, or order them by total."""
    found = contest_for(actor_of(request), RUN_CONTESTS, contest_id)
    if request.method == "POST":
        services.order_board(found, is_by_total="by_total" in request.POST, by=actor_of(request))
        messages.success(request, "大屏的排列已改变。")
    return redirect("study:contest_host", found.pk)


@reads(SEE_CONTESTS)
def board(request: HttpRequest, contest_id: uuid.UUID) -> HttpResponse:
    """The big screen. It asks every two seconds and mostly hears that nothing has changed."""
    found = contest_for(actor_of(request), SEE_CONTESTS, contest_id)
    results, now = results_of(found), clock.now()
    current = results.current(now)
    context = {
        "contest": found,
        "rounds": results.rounds,
        "lines": board_lines(results, now, is_by_total=found.is_by_total),
        "current": current if len(current) == 1 else [],
        "open_count": len(current),
        "is_revealed": any(one.revealed_at for one in results.rounds),
    }
    if "part" not in request.GET:
        return render(request, "study/board.html", context)
    text = render_to_string("study/_board.html", context, request)
    tag = f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    if request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified(headers=headers)
    return HttpResponse(text, headers=headers)


# The secret in the address lets a team in, no cookie: that may have changed while an answer was kept.
@csrf_exempt
@public(has_writes=True)
def team_page(request: HttpRequest, team_key: str) -> HttpResponse:
    """The page of a team: what is open now, each with the answer that was received last.

    Who joins late, or comes back after the connection was lost, starts with what is open now. The page asks
    every two seconds whether other questions are open, and changes only then: nothing typed is lost.
    """
    team = team_by_key(team_key)
    if request.method == "POST":
        return _take(request, team)
    results, now = results_of(team.contest), clock.now()
    current = results.current(now)
    state = hashlib.sha256("".join(str(one.pk) for one in current).encode()).hexdigest()[:16]
    if request.GET.get("state") == state:
        return HttpResponse(status=204)
    context = {
        "team": team,
        "state": state,
        "rows": [
            {
                "question": one,
                "given": results.given.get((team.pk, one.pk), ""),
                "number": results.numbers.get((team.pk, one.pk), 0) + 1,
                "id": new_id(),
                "ends_at": one.window.end,
            }
            for one in current
        ],
        "is_over": bool(results.rounds)
        and all(one.window.standing(now) is Standing.CLOSED for one in results.rounds),
    }
    page = "study/_team_questions.html" if "state" in request.GET else "study/team.html"
    return render(request, page, context)


def _take(request: HttpRequest, team: ContestTeam) -> HttpResponse:
    """Take an answer in; what was sent by the page's script is answered in its own terms."""
    is_script = "X-Contest" in request.headers
    form = TeamAnswerForm(request.POST)
    try:
        question = _question_of(team, form)
        services.give_answer(
            team,
            question,
            id=form.cleaned_data["id"],
            words=request.POST.getlist("given"),
            number=form.cleaned_data["number"],
        )
    except Refused as error:
        if is_script:
            return JsonResponse({"message": error.message}, status=409)
        messages.warning(request, error.message)
    else:
        if is_script:
            counts = counting_answer(team, question)
            received = f"已收到：{counts.given}。" if counts.given else ""
            return JsonResponse({"message": "已收到", "received": received, "number": counts.number})
        messages.success(request, f"第 {question.position} 题的答案已收到。")
    return redirect("study:team_page", team.key)


def _question_of(team: ContestTeam, form: TeamAnswerForm) -> ContestQuestion:
    """The question that an answer names; Refused where it is none of the team's contest."""
    if form.is_valid():
        questions = ContestQuestion.objects.filter(bureau_id=team.bureau_id, round__contest=team.contest_id)
        found = questions.select_related("round").filter(pk=form.cleaned_data["question"]).first()
        if found is not None:
            return found
    message = "这个答案不属于这场竞赛，没有收下。请刷新页面。"
    raise Refused(message)
