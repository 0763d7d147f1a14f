"""Banks of questions: the list, a bank, its questions, and files in and out."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from qizhi.core import audit
from qizhi.core.errors import Refused
from qizhi.core.http import actor_of, download, form_page, reads, say_refusal, sheet, writes
from qizhi.core.imports import WHAT_LABELS, What
from qizhi.core.paging import page_of
from qizhi.core.tables import Column
from qizhi.core.tables.values import integer, parse_text
from qizhi.study.forms.banks import BankForm, QuestionForm, UploadForm
from qizhi.study.gateways.question_files import FORMS, write_question_file
from qizhi.study.models import Bank, BankQuestion
from qizhi.study.permissions.banks import MANAGE_BANKS, bank_file_for, bank_for, question_for
from qizhi.study.queries.banks import banks_of, questions_of, topics_of, waiting_files
from qizhi.study.services import banks as services

PAGE = 50
SHOWN = 200
BANKS = (
    Column(key="name", label="名称", parse=parse_text, width=30),
    Column(key="note", label="说明", parse=parse_text, width=40),
    Column(key="asked", label="题目", parse=integer()),
    Column(key="retired", label="已停用", parse=integer()),
    Column(key="is_open", label="自测", parse=parse_text),
)


def _bank_row(one: Any) -> dict[str, Any]:
    is_open = "开放" if one.is_open else "不开放"
    return {
        "name": one.name,
        "note": one.note,
        "asked": one.asked,
        "retired": one.retired,
        "is_open": is_open,
    }


@reads(MANAGE_BANKS)
def banks(request: HttpRequest) -> HttpResponse:
    """Every bank with how many questions it holds."""
    found = banks_of(actor_of(request).bureau_id)
    if (file := sheet(request, BANKS, map(_bank_row, found), "题库")) is not None:
        return file
    return render(request, "study/banks.html", {"banks": found})


@writes(MANAGE_BANKS)
def bank_new(request: HttpRequest) -> HttpResponse:
    """Make a bank; questions follow from a file or one by one."""
    actor = actor_of(request)
    form = BankForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.create_bank(**form.cleaned_data, by=actor)
        except Refused as error:
            say_refusal(form, error)
        else:
            messages.success(request, f"题库“{made}”已建立，接着导入或添加题目。", extra_tags="study-bank")
            return redirect(made)
    return form_page(request, form, title="新建题库", back="/study/banks/", draft="study-bank")


@reads(MANAGE_BANKS)
def bank(request: HttpRequest, bank_id: uuid.UUID) -> HttpResponse:
    """The questions of a bank with their keys; the whole bank goes out as a file that comes in again."""
    found = bank_for(actor_of(request), MANAGE_BANKS, bank_id)
    topic, text = request.GET.get("topic", ""), request.GET.get("q", "").strip()[:60]
    questions = questions_of(found, topic=topic, text=text)
    kind = request.GET.get("format", "")
    if kind in FORMS:
        asked = [row.value for row in questions if not row.is_retired]
        content, ending, content_type = write_question_file(asked, kind, found.name)
        return download(content, f"{found.name}.{ending}", content_type)
    topics = topics_of(found)
    context = {
        "bank": found,
        "page_of_questions": page_of(questions, PAGE, request.GET.get("page")),
        "topics": [(name, f"{name}（{number}）") for name, number in topics if name],
        "topic": topic,
        "q": text,
        "asked": sum(number for _, number in topics),
        "files": waiting_files(found),
        "history": audit.tell(found),
    }
    return render(request, "study/bank.html", context)


@writes(MANAGE_BANKS)
def bank_edit(request: HttpRequest, bank_id: uuid.UUID) -> HttpResponse:
    """Change name and note, open the bank for self-tests or close it."""
    found = bank_for(actor_of(request), MANAGE_BANKS, bank_id)
    initial = {"id": found.pk, "name": found.name, "note": found.note, "is_open": found.is_open}
    form = BankForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        values = {key: form.cleaned_data[key] for key in ("name", "note", "is_open")}
        try:
            services.change_bank(found, **values, by=actor_of(request))
        except Refused as error:
            say_refusal(form, error)
        else:
            messages.success(request, "题库已保存。")
            return redirect(found)
    return form_page(request, form, title="修改题库", back=found.get_absolute_url())


@writes(MANAGE_BANKS)
def question_new(request: HttpRequest, bank_id: uuid.UUID) -> HttpResponse:
    """Add a question to a bank."""
    found = bank_for(actor_of(request), MANAGE_BANKS, bank_id)
    return _question_page(request, found, None)


@writes(MANAGE_BANKS)
def question_edit(request: HttpRequest, question_id: uuid.UUID) -> HttpResponse:
    """Correct a question."""
    row = question_for(actor_of(request), MANAGE_BANKS, question_id)
    return _question_page(request, row.bank, row)


def _question_page(request: HttpRequest, found: Bank, row: BankQuestion | None) -> HttpResponse:
    form = QuestionForm(
        request.POST if request.method == "POST" else None,
        initial=QuestionForm.initial_of(row) if row else None,
    )
    draft = f"study-question {row.pk if row else found.pk}"
    if request.method == "POST" and form.is_valid():
        try:
            services.save_question(
                found, form.question(), row=row, id=form.cleaned_data["id"], by=actor_of(request)
            )
        except Refused as error:
            say_refusal(form, error)
        else:
            messages.success(request, "题目已保存。", extra_tags=draft)
            return redirect(found)
    title = "修改题目" if row else "添加题目"
    told, back = audit.tell(row) if row else [], found.get_absolute_url()
    return form_page(request, form, title=title, lead=found.name, back=back, draft=draft, history=told)


@writes(MANAGE_BANKS)
def question_retire(request: HttpRequest, question_id: uuid.UUID) -> HttpResponse:
    """Ask a question no more, or again."""
    row = question_for(actor_of(request), MANAGE_BANKS, question_id)
    if request.method == "POST":
        services.retire_question(row, is_retired="retire" in request.POST, by=actor_of(request))
        messages.success(request, "题目已停用，不再抽到。" if row.is_retired else "题目已恢复使用。")
    return redirect(row.bank)


@writes(MANAGE_BANKS)
def bank_import(request: HttpRequest, bank_id: uuid.UUID) -> HttpResponse:
    """Send a file of questions; the next page says what it would do."""
    actor = actor_of(request)
    found = bank_for(actor, MANAGE_BANKS, bank_id)
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            draft = services.keep_question_file(found, filename=file.name, content=file.read(), by=actor)
        except Refused as error:
            form.add_error("file", error.message)
        else:
            return redirect("study:bank_file", found.pk, draft.pk)
    context = {"form": form, "bank": found, "files": waiting_files(found)}
    return render(request, "study/bank_import.html", context, status=422 if form.errors else 200)


@writes(MANAGE_BANKS)
def bank_file(request: HttpRequest, bank_id: uuid.UUID, draft_id: uuid.UUID) -> HttpResponse:
    """The preview of a kept file; the yes takes it in, all or nothing."""
    actor = actor_of(request)
    found = bank_for(actor, MANAGE_BANKS, bank_id)
    draft = bank_file_for(actor, found, draft_id)
    if request.method == "POST":
        lines = services.take_question_file(found, draft, by=actor)
        counts = [f"{WHAT_LABELS[what]} {_count(lines, what)} 道" for what in What]
        messages.success(request, f"已导入：{'，'.join(counts)}。")
        return redirect(found)
    if draft.applied_at is not None:
        messages.info(request, "这个文件已经导入过了。")
        return redirect(found)
    lines, reading = services.check_question_file(found, draft)
    context = {
        "bank": found,
        "draft": draft,
        "errors": reading.errors[:SHOWN],
        "error_count": len(reading.errors),
        "notes": reading.notes,
        "lines": [(line, WHAT_LABELS[line.what]) for line in lines[:SHOWN]],
        "more_lines": max(0, len(lines) - SHOWN),
        "counts": [(WHAT_LABELS[what], _count(lines, what)) for what in What],
        "has_changes": any(line.what is not What.SAME for line in lines),
    }
    return render(request, "study/bank_file.html", context)


def _count(lines: Sequence[services.ImportLine], what: What) -> int:
    return sum(1 for line in lines if line.what is what)
