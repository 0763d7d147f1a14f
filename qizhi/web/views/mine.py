"""One's own records, the search, and the gallery of components."""

from __future__ import annotations

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from qizhi.core import clock
from qizhi.core.http import actor_of, public, reads
from qizhi.core.years import year_asked
from qizhi.publishing.queries import complaints_by
from qizhi.web.queries.found import found_for, own_records
from qizhi.web.queries.own import rights_of
from qizhi.web.views.own import owner_by_account


@reads()
def mine(request: HttpRequest) -> HttpResponse:
    """Everything the system holds about the person who asks."""
    owner, today = owner_by_account(request), clock.today()
    person = owner.person if owner else None
    context = {
        "owner": owner,
        "rights": rights_of(person, today, year_asked(request)) if person else None,
        "today": today,
        "person": person,
        "records": own_records(person, today) if person else None,
        "complaints": complaints_by(person) if person else [],
    }
    return render(request, "web/mine.html", context)


@reads()
def search(request: HttpRequest) -> HttpResponse:
    """People, gatherings and documents by a word, as far as one may see them."""
    text = request.GET.get("q", "").strip()[:60]
    groups = found_for(actor_of(request), text) if text else []
    hits = [hit for group in groups for hit in group.hits]
    if len(hits) == 1:
        return redirect(hits[0].address)
    return render(request, "web/search.html", {"q": text, "groups": groups, "count": len(hits)})


class _GalleryForm(forms.Form):
    """Inputs to show."""

    name = forms.CharField(label="文字", help_text="提示写在这里")
    kind = forms.ChoiceField(label="选择", choices=[("a", "甲"), ("b", "乙")])
    several = forms.MultipleChoiceField(
        label="多选", choices=[("a", "甲"), ("b", "乙")], widget=forms.CheckboxSelectMultiple, required=False
    )
    is_yes = forms.BooleanField(label="勾选", required=False)
    long = forms.CharField(label="长文字", widget=forms.Textarea(attrs={"rows": 2}), required=False)


@public()
def components(request: HttpRequest) -> HttpResponse:
    """Every component in every state, for those who build pages."""
    page = Paginator(range(120), 50).get_page(2)
    context = {"form": _GalleryForm(), "bad_form": _GalleryForm({"name": ""}), "numbers": page}
    return render(request, "web/components.html", context)
