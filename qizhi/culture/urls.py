"""Addresses of the app."""

from __future__ import annotations

from django.urls import path

from qizhi.culture.views import calls, kinds, works

app_name = "culture"
urlpatterns = [
    path("", calls.calls, name="calls"),
    path("new/", calls.call_new, name="call_new"),
    path("kinds/", kinds.kinds, name="kinds"),
    path("kinds/new/", kinds.kind_new, name="kind_new"),
    path("kinds/<uuid:kind_id>/edit/", kinds.kind_edit, name="kind_edit"),
    path("<uuid:call_id>/", calls.call, name="call"),
    path("<uuid:call_id>/edit/", calls.call_edit, name="call_edit"),
    path("<uuid:call_id>/remove/", calls.call_remove, name="call_remove"),
    path("<uuid:call_id>/reading/", calls.reading, name="reading"),
    path("<uuid:call_id>/decide/", calls.works_decide, name="works_decide"),
    path("<uuid:call_id>/works/new/", works.work_new, name="work_new"),
    path("works/<uuid:work_id>/", works.work, name="work"),
    path("works/<uuid:work_id>/edit/", works.work_edit, name="work_edit"),
    path("works/<uuid:work_id>/withdraw/", works.work_withdraw, name="work_withdraw"),
    path("works/<uuid:work_id>/restore/", works.work_restore, name="work_restore"),
]
