"""Testing oneself: draw, answer, read why. Voluntary, and for nobody else's eyes."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from qizhi.core.errors import Refused
from qizhi.core.http import actor_of, say_refusal, writes
from qizhi.study.forms.self_tests import DrawForm
from qizhi.study.permissions.banks import MANAGE_BANKS
from qizhi.study.permissions.self_tests import TEST_ONESELF, own_test_for
from qizhi.study.queries.self_tests import answers_of, tests_of, topics_to_ask
from qizhi.study.services import self_tests as services


@writes(TEST_ONESELF)
def self_tests(request: HttpRequest) -> HttpResponse:
    """Draw questions; below, one's own tests."""
    actor = actor_of(request)
    sources = topics_to_ask(actor.bureau_id)
    form = DrawForm(request.POST if request.method == "POST" else None, sources=sources)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            made = services.begin_test(
                bank_id=form.bank_id, topic=form.topic, number=values["number"], id=values["id"], by=actor
            )
        except Refused as error:
            say_refusal(form, error)
        else:
            return redirect(made)
    context = {
        "form": form,
        "sources": sources,
        "tests": tests_of(actor.bureau_id, actor.person_id) if actor.person_id else [],
        "may_manage": actor.may(MANAGE_BANKS),
    }
    return render(request, "study/self_tests.html", context, status=422 if form.errors else 200)


@writes(TEST_ONESELF)
def self_test(request: HttpRequest, test_id: uuid.UUID) -> HttpResponse:
    """One's own test; each answer is kept as it is given, and judged when the test is handed in."""
    test = own_test_for(actor_of(request), test_id)
    if request.method == "POST":
        number = services.save_answers(test, _given(request))
        if "finish" in request.POST:
            services.finish_test(test)
            messages.success(request, "已交卷，下面是答案、解析和依据。")
        elif "HX-Request" in request.headers:
            return render(request, "study/_saved.html", {"answered": number})
        else:
            messages.success(request, f"已保存 {number} 题的答案，可以关掉页面，以后接着答。")
        return redirect(test)
    answers = answers_of(test)
    context = {
        "test": test,
        "answers": answers,
        "answered": sum(1 for one in answers if one.answer.given),
        "right": sum(1 for one in answers if one.is_right),
    }
    page = "study/self_test_result.html" if test.finished_at else "study/self_test.html"
    return render(request, page, context)


def _given(request: HttpRequest) -> dict[int, list[str]]:
    """What the page says of each question that it shows; a box that is not ticked is not sent."""
    shown = request.POST.getlist("shown")
    return {
        int(place): request.POST.getlist(f"q{place}")
        for place in shown
        if place.isascii() and place.isdigit()
    }


@writes(TEST_ONESELF)
def self_test_remove(request: HttpRequest, test_id: uuid.UUID) -> HttpResponse:
    """Forget one's own test."""
    test = own_test_for(actor_of(request), test_id)
    if request.method == "POST":
        services.remove_test(test)
        messages.success(request, "这次自测已删除，不留记录。")
    return redirect("study:self_tests")
