"""Reports of personal matters and checks of papers: lists, drawing, handing in; two officers come here."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from qizhi.conduct.enums import CheckReason, ReportKind
from qizhi.conduct.forms.registers import (
    ChangeReportForm,
    CheckForm,
    DrawChecksForm,
    HandInForm,
    ProposeForm,
    ReportForm,
    today_first,
)
from qizhi.conduct.models import PaperCheck
from qizhi.conduct.permissions.registers import RECORD_MATTERS, SEE_MATTERS, check_for, report_for
from qizhi.conduct.queries import matters as queries
from qizhi.conduct.rules.registers import Standing, lot
from qizhi.conduct.services import matters as services
from qizhi.conduct.views.registers_shared import data_of, saved, tabs_for
from qizhi.core import clock
from qizhi.core.errors import Refused
from qizhi.core.http import actor_of, form_page, reads, say_refusal, table_file, writes
from qizhi.core.tables import Column
from qizhi.core.tables.values import parse_day, parse_text
from qizhi.core.years import year_asked, years_offered
from qizhi.org.queries import PeopleIndex

WORDS = {
    Standing.DONE: "已报告",
    Standing.LATE: "逾期报告",
    Standing.DUE: "未到期",
    Standing.MISSING: "逾期未报",
    Standing.NA: "不适用：截止日前已离岗",
}
COLUMNS = (
    Column(key="staff_no", label="工号", parse=parse_text),
    Column(key="name", label="姓名", parse=parse_text),
    Column(key="unit", label="处室", parse=parse_text, width=20),
    Column(key="rank", label="职级", parse=parse_text),
    Column(key="due_on", label="应报日期", parse=parse_day, width=14),
    Column(key="handed_in_on", label="报告日期", parse=parse_day, width=14),
    Column(key="state", label="情况", parse=parse_text, width=18),
)
CHECK_COLUMNS = (
    Column(key="staff_no", label="工号", parse=parse_text),
    Column(key="name", label="姓名", parse=parse_text),
    Column(key="kind", label="核查内容", parse=parse_text, width=24),
    Column(key="reason", label="核查原因", parse=parse_text, width=18),
    Column(key="drawn_on", label="确定日期", parse=parse_day, width=14),
    Column(key="draw", label="抽取办法", parse=parse_text, width=40),
    Column(key="result", label="结果", parse=parse_text, width=18),
    Column(key="checked_on", label="核查日期", parse=parse_day, width=14),
    Column(key="approved_by", label="审批人", parse=parse_text),
)
FRAME_COLUMNS = (
    Column(key="staff_no", label="工号", parse=parse_text),
    Column(key="name", label="姓名", parse=parse_text),
    Column(key="sum", label="校验值（SHA-256）", parse=parse_text, width=70),
    Column(key="drawn", label="抽中", parse=parse_text),
)


@reads(SEE_MATTERS)
def matters(request: HttpRequest) -> HttpResponse:
    """Who owes the report of a year, who has handed in, who is late; and changes."""
    actor, year, today = actor_of(request), year_asked(request, is_ahead=True), clock.today()
    found = queries.round_of(actor.bureau_id, year, today)
    if (kind := request.GET.get("format")) in {"xlsx", "csv"}:
        return table_file(COLUMNS, [_row(found, line) for line in found.lines], f"{year}年应报名单", kind)
    changes = [(row, queries.is_overdue(row, today)) for row in queries.changes_of(actor.bureau_id, year)]
    is_open = request.GET.get("only") == "open"
    context = {
        "tabs": tabs_for(actor, "conduct:matters"),
        "found": found,
        "lines": [(line, WORDS[line.standing]) for line in (found.waiting if is_open else found.lines)],
        "is_open": is_open,
        "changes": changes,
        "late_changes": sum(1 for _, is_late in changes if is_late),
        "year": year,
        "years": years_offered(request),
        "may_record": actor.may(RECORD_MATTERS),
    }
    return render(request, "conduct/matters.html", context)


def _row(found: queries.Round, line: queries.Line) -> dict[str, object]:
    return {
        "staff_no": line.person.staff_no,
        "name": line.person.name,
        "unit": line.unit,
        "rank": line.rank,
        "due_on": found.due_on,
        "handed_in_on": line.report.handed_in_on if line.report else None,
        "state": WORDS[line.standing],
    }


@writes(RECORD_MATTERS)
def matters_hand_in(request: HttpRequest, year: int) -> HttpResponse:
    """Note who handed in on a day: one, or many at once."""
    actor = actor_of(request)
    found = queries.round_of(actor.bureau_id, year, clock.today())
    initial = {
        "handed_in_on": clock.today(),
        "received_by_label": actor.label,
        "people": request.GET.getlist("person"),
    }
    form = HandInForm(
        data_of(request), initial=initial, lines=found.owing, index=PeopleIndex(actor.bureau_id)
    )
    back = f"{reverse('conduct:matters')}?year={year}"
    if form.is_bound and form.is_valid():
        days = {name: form.cleaned_data[name] for name in ("handed_in_on", "received_by_label")}
        try:
            done = services.hand_in_reports(year=year, people=form.everybody, **days, by=actor)
        except Refused as error:
            say_refusal(form, error)
        else:
            known = f"另有 {len(done.known)} 人早已登记，没有改动。" if done.known else ""
            messages.success(request, f"已登记 {len(done.made)} 人。{known}", extra_tags=f"matters-{year}")
            return redirect(back)
    lead = f"{year}年集中报告：只登记谁、哪天报告；报告内容不进系统"
    return form_page(request, form, title="登记报告", lead=lead, back=back, draft=f"matters-{year}")


@writes(RECORD_MATTERS)
def matter_change_new(request: HttpRequest) -> HttpResponse:
    """Note that something has to be reported anew, with the day until which."""
    actor = actor_of(request)
    form = ChangeReportForm(data_of(request), index=PeopleIndex(actor.bureau_id))
    return saved(
        request,
        form,
        lambda: services.record_change(**form.cleaned_data, by=actor),
        title="登记变化报告",
        lead="只记谁、哪天发生变化、哪天报告；变了什么不进系统",
        back=reverse("conduct:matters"),
    )


@writes(RECORD_MATTERS)
def matter(request: HttpRequest, report_id: uuid.UUID) -> HttpResponse:
    """Correct when a report came in."""
    actor = actor_of(request)
    found = report_for(actor, RECORD_MATTERS, report_id)
    first = {"handed_in_on": found.handed_in_on, "received_by_label": found.received_by_label}
    form = ReportForm(data_of(request), initial=first)
    return saved(
        request,
        form,
        lambda: services.correct_report(found, **form.cleaned_data, by=actor),
        title=f"更正：{found}",
        back=_year_page(found.year),
        row=found,
    )


@writes(RECORD_MATTERS)
def matter_remove(request: HttpRequest, report_id: uuid.UUID) -> HttpResponse:
    """Take back what was noted by mistake, after a question."""
    actor = actor_of(request)
    found = report_for(actor, RECORD_MATTERS, report_id)
    back = _year_page(found.year)
    if request.method == "POST":
        services.remove_report(found, by=actor)
        messages.success(request, "登记已撤销。")
        return redirect(back)
    after = "撤销后名单里显示未报" if found.kind == ReportKind.ANNUAL else "撤销后不再等待这份报告"
    context = {"title": f"撤销登记：{found}", "text": f"{after}；操作日志保留。", "back": back}
    context["step"] = "撤销登记"
    return render(request, "conduct/confirm.html", context)


def _year_page(year: int) -> str:
    return f"{reverse('conduct:matters')}?year={year}"


@reads(SEE_MATTERS)
def checks(request: HttpRequest) -> HttpResponse:
    """Whose papers are checked, why, and the code of each result."""
    actor, year, today = actor_of(request), year_asked(request, is_ahead=True), clock.today()
    rows = list(queries.checks_of(actor.bureau_id, year))
    if (kind := request.GET.get("format")) in {"xlsx", "csv"}:
        return table_file(CHECK_COLUMNS, [_check_row(row) for row in rows], f"{year}年两核查登记", kind)
    found = queries.round_of(actor.bureau_id, year, today)
    drawn = [row for row in rows if row.reason == CheckReason.RANDOM]
    if drawn and (kind := request.GET.get("frame")) in {"xlsx", "csv"}:
        return table_file(FRAME_COLUMNS, _frame_rows(drawn, found), f"{year}年抽查总体", kind)
    context = {
        "tabs": tabs_for(actor, "conduct:checks"),
        "rows": rows,
        "drawn": drawn[0] if drawn else None,
        "is_redrawn": services.redrawn(drawn, found) if drawn else None,
        "gone": found.gone(drawn[0].drawn_on) if drawn else [],
        "open": sum(1 for row in rows if not row.result),
        "blocked": list(queries.unchecked(actor.bureau_id)),
        "found": found,
        "is_early": found.rank_day > today,
        "sample": found.sample(today),
        "frame": len(found.frame(today)),
        "year": year,
        "years": years_offered(request),
        "may_record": actor.may(RECORD_MATTERS),
    }
    return render(request, "conduct/checks.html", context)


def _frame_rows(drawn: list[PaperCheck], found: queries.Round) -> list[dict[str, object]]:
    """Everybody who could be drawn, in the order of the draw, with the sum that puts them there."""
    seed, chosen = services.seed_of(drawn[0].draw), {row.person_id for row in drawn}
    frame = found.frame(drawn[0].drawn_on)
    rows = [
        {"staff_no": number, "name": one.name, "sum": lot(number, seed), "drawn": one.pk in chosen}
        for number, one in frame.items()
    ]
    return sorted(
        ({**row, "drawn": "抽中" if row["drawn"] else ""} for row in rows), key=lambda row: str(row["sum"])
    )


def _check_row(row: PaperCheck) -> dict[str, object]:
    return {
        "staff_no": row.person.staff_no,
        "name": row.person.name,
        "kind": row.get_kind_display(),
        "reason": row.get_reason_display(),
        "drawn_on": row.drawn_on,
        "draw": row.draw,
        "result": row.get_result_display(),
        "checked_on": row.checked_on,
        "approved_by": str(row.approved_by or ""),
    }


@writes(RECORD_MATTERS)
def check_draw(request: HttpRequest, year: int) -> HttpResponse:
    """Draw at once whose papers are checked in a year; who is drawn shows only afterwards."""
    actor, today = actor_of(request), clock.today()
    found = queries.round_of(actor.bureau_id, year, today)
    form = DrawChecksForm(data_of(request), initial=today_first("drawn_on"))
    lead = f"{year}年应报 {len(found.frame(today))} 人，抽 {found.sample(today)} 人；一年只抽一次，抽出即登记"
    return saved(
        request,
        form,
        lambda: services.draw_checks(year=year, **form.cleaned_data, by=actor),
        title="随机抽取",
        lead=lead,
        back=f"{reverse('conduct:checks')}?year={year}",
        done="已抽取并登记。",
        step="抽取",
    )


@writes(RECORD_MATTERS)
def check_new(request: HttpRequest) -> HttpResponse:
    """Have the papers of people proposed for promotion checked."""
    actor = actor_of(request)
    form = ProposeForm(data_of(request), initial=today_first("drawn_on"), index=PeopleIndex(actor.bureau_id))

    def save() -> None:
        values = dict(form.cleaned_data)
        services.propose_checks(people=values.pop("names"), **values, by=actor)

    return saved(
        request,
        form,
        save,
        title="拟提拔人选核查",
        lead="登记后列为“未核查”，有结果以前一直提示",
        back=reverse("conduct:checks"),
    )


@writes(RECORD_MATTERS)
def check(request: HttpRequest, check_id: uuid.UUID) -> HttpResponse:
    """Note the code with which a check ended."""
    actor = actor_of(request)
    found = check_for(actor, RECORD_MATTERS, check_id)
    approver = found.approved_by
    first = {
        "result": found.result,
        "checked_on": found.checked_on or clock.today(),
        "approved_by": f"{approver.name}({approver.staff_no})" if approver else "",
    }
    form = CheckForm(data_of(request), initial=first, index=PeopleIndex(actor.bureau_id))
    return saved(
        request,
        form,
        lambda: services.finish_check(found, **form.cleaned_data, by=actor),
        title=f"核查结果：{found}",
        back=f"{reverse('conduct:checks')}?year={found.year}",
        row=found,
    )


@writes(RECORD_MATTERS)
def check_remove(request: HttpRequest, check_id: uuid.UUID) -> HttpResponse:
    """Take back a check of somebody who was named by mistake, after a question."""
    actor = actor_of(request)
    found = check_for(actor, RECORD_MATTERS, check_id)
    back = f"{reverse('conduct:checks')}?year={found.year}"
    if request.method == "POST":
        try:
            services.remove_check(found, by=actor)
        except Refused as error:
            messages.error(request, error.message)
        else:
            messages.success(request, "登记已撤销。")
        return redirect(back)
    text = "只用于写错了人；撤销后不再提示“未核查”，操作日志保留。"
    context = {"title": f"撤销核查登记：{found}", "text": text, "back": back, "step": "撤销登记"}
    return render(request, "conduct/confirm.html", context)
