"""One's own page and rights, by two doors: an account, or a code on paper that opens nothing else."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from qizhi.conduct.forms.rights import AskCorrectionForm, OpenOwnPageForm, OwnAppealForm, OwnStatementForm
from qizhi.conduct.models import Case, PrintedCode
from qizhi.conduct.queries.desk import say_appeal
from qizhi.conduct.rules.codes import OPEN_FOR
from qizhi.conduct.services import papers
from qizhi.conduct.services import rights as services
from qizhi.conduct.services.appeals import appeal_case
from qizhi.conduct.services.hearing import state_case
from qizhi.core import clock
from qizhi.core.documents.files import pdf_of
from qizhi.core.errors import Refused
from qizhi.core.http import (
    actor_of,
    caller_of,
    download,
    form_page,
    private,
    public,
    reads,
    say_refusal,
    writes,
)
from qizhi.core.periods import say_day
from qizhi.core.tries import Tries
from qizhi.core.years import year_asked
from qizhi.org.models import Person
from qizhi.web.queries import own as queries
from qizhi.web.queries.own import Owner
from qizhi.web.queries.own_rows import parts_of

KEY = "own_page"
ZIP = "application/zip"
TRIES = Tries(most=10, within=OPEN_FOR / 3)
CLOSED = "页面已关闭：查询码只在输入后 30 分钟内有效。需要再看，请向人事干部或政工处再要一张。"


def owner_by_account(request: HttpRequest) -> Owner | None:
    """The person of the account that asks."""
    actor = actor_of(request)
    if actor.person_id is None:
        return None
    person = Person.objects.filter(bureau_id=actor.bureau_id, pk=actor.person_id).first()
    return Owner(person, actor) if person else None


def owner_by_code(request: HttpRequest) -> Owner | None:
    """The person whose code opened this session, as long as it is open; an account closes it."""
    key = request.session.get(KEY)
    if key is None or actor_of(request).account_id is not None:
        return None
    code = PrintedCode.objects.filter(pk=key).select_related("person", "bureau").first()
    if code is None or not services.is_still_open(code):
        return None
    return Owner(code.person, services.holder_of(code), code)


def _closed(request: HttpRequest) -> HttpResponse:
    messages.warning(request, CLOSED)
    return redirect("web:own_open")


@public(has_writes=True)
def own_open(request: HttpRequest) -> HttpResponse:
    """Come in with a code; it travels in the body, so that no log and no history keeps it."""
    form = OpenOwnPageForm(request.POST if request.method == "POST" else None)
    caller = caller_of(request)
    if form.is_bound and form.is_valid():
        if not TRIES.may_try(caller):
            form.add_error("code", "试错太多次，先停 10 分钟。请核对纸条，过一会儿再输入。")
        elif (code := services.use_code(form.cleaned_data["code"])) is None:
            TRIES.count(caller)
            form.add_error("code", "这个查询码打不开：输错、已用过、已作废或过期。请核对纸条，或再要一张。")
        else:
            request.session.flush()
            request.session[KEY] = str(code.pk)
            request.session.set_expiry(int(OPEN_FOR.total_seconds()))
            return redirect("web:own_page")
    lead = "没有账号也能看自己的记录。查询码向人事干部或政工处要，一张纸条用一次。"
    return private(form_page(request, form, title="凭查询码看本人记录", lead=lead, step="打开"))


@public()
def own_page(request: HttpRequest) -> HttpResponse:
    """Everything about the person whose code was used."""
    owner = owner_by_code(request)
    if owner is None:
        return _closed(request)
    used_at = owner.code.used_at if owner.code else None
    context = {
        "owner": owner,
        "rights": queries.rights_of(owner.person, clock.today(), year_asked(request)),
        "parts": parts_of(owner.person, queries.SHOWN),
        "open_until": used_at + OPEN_FOR if used_at else None,
        "today": clock.today(),
    }
    return private(render(request, "web/own.html", context))


@public(has_writes=True)
def own_close(request: HttpRequest) -> HttpResponse:
    """Close the page before its time."""
    if request.method == "POST":
        request.session.flush()
        messages.success(request, "页面已关闭。")
    return redirect("web:own_open")


@public(has_writes=True)
def own_case(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """A case about the person whose code was used."""
    owner = owner_by_code(request)
    return _case(request, owner, case_id) if owner else _closed(request)


@public()
def own_paper(request: HttpRequest, case_id: uuid.UUID, document: str) -> HttpResponse:
    """A paper of that case as PDF."""
    owner = owner_by_code(request)
    if owner is None:
        return _closed(request)
    case = queries.own_case(owner, case_id)
    wanted = next((one for one in papers.papers_of(case) if one.key == document), None)
    if wanted is None:
        raise Http404
    bureau = case.bureau
    made = pdf_of(papers.paper(case, wanted, bureau), clock.now(), bureau.name)
    return private(download(made, f"{case}{wanted.name}.pdf", "application/pdf"))


@public(has_writes=True)
def own_correct(request: HttpRequest) -> HttpResponse:
    """Ask for a correction, with a code."""
    owner = owner_by_code(request)
    return _correct(request, owner) if owner else _closed(request)


@public()
def own_download(request: HttpRequest) -> HttpResponse:
    """Everything as a file, with a code."""
    owner = owner_by_code(request)
    return _download(owner) if owner else _closed(request)


@writes()
def mine_correct(request: HttpRequest) -> HttpResponse:
    """Ask for a correction of a record about oneself."""
    owner = owner_by_account(request)
    return _correct(request, owner) if owner else redirect("web:mine")


@reads()
def mine_download(request: HttpRequest) -> HttpResponse:
    """Everything about oneself as a file."""
    owner = owner_by_account(request)
    return _download(owner) if owner else redirect("web:mine")


def _case(request: HttpRequest, owner: Owner, case_id: uuid.UUID) -> HttpResponse:
    """The fact, the rule, the days, the papers, and one's own words."""
    case = queries.own_case(owner, case_id)
    line = queries.line_of(case)
    data = request.POST if request.method == "POST" else None
    form = OwnStatementForm(data) if line.may_state else OwnAppealForm(data)
    if form.is_bound and form.is_valid():
        try:
            _speak(case, line, form.words, owner)
        except Refused as error:
            form.add_error(None, error.message)
        else:
            said = "陈述已收到，决定前会考虑。"
            if line.may_appeal:
                said = say_appeal(queries.own_case(owner, case_id))
            messages.success(request, said, extra_tags=f"words {case.pk.hex}")
            return redirect(request.path)
    steps = queries.steps_of(case)
    context = {
        "owner": owner,
        "case": case,
        "line": line,
        "steps": steps,
        "papers": papers.papers_of(case, steps),
        "form": form,
        "today": clock.today(),
        "back": _back(owner),
    }
    return private(render(request, "web/own_case.html", context, status=422 if form.errors else 200))


def _speak(case: Case, line: queries.CaseLine, text: str, owner: Owner) -> None:
    if line.may_state:
        state_case(case, text=text, stated_on=clock.today(), by=owner.by)
    else:
        appeal_case(case, text=text, appealed_on=clock.today(), by=owner.by)


def _correct(request: HttpRequest, owner: Owner) -> HttpResponse:
    """What is wrong with which record."""
    first = {"about": request.GET.get("about", "")[:200]}
    form = AskCorrectionForm(request.POST if request.method == "POST" else None, initial=first)
    if form.is_bound and form.is_valid():
        try:
            row = services.ask_correction(person=owner.person, **form.cleaned_data, by=owner.by)
        except Refused as error:
            say_refusal(form, error)
        else:
            until = f"，{say_day(row.due_on)}前答复" if row.due_on else ""
            messages.success(request, f"更正申请已提交{until}。", extra_tags="correction-new")
            return redirect(_back(owner))
    lead = "写明哪条记录、哪里不对、应是什么；由人事干部或政工处核对后答复"
    title, back = "申请更正", _back(owner)
    page = form_page(request, form, title=title, lead=lead, back=back, draft="correction-new", step="提交")
    return private(page)


def _download(owner: Owner) -> HttpResponse:
    today = clock.today()
    return private(
        download(queries.everything(owner.person, today), f"{owner.person.name}的全部记录{today}.zip", ZIP)
    )


def _back(owner: Owner) -> str:
    return reverse("web:own_page" if owner.code else "web:mine")
