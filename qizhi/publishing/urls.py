"""Addresses of the app."""

from __future__ import annotations

from django.urls import path

from qizhi.publishing import views

app_name = "publishing"
urlpatterns = [
    path("", views.complaints, name="complaints"),
    path("new/", views.complaint_new, name="complaint_new"),
    path("without-account/", views.complaint_open, name="complaint_open"),
    path("by-code/", views.complaint_by_code, name="complaint_by_code"),
    path("<uuid:complaint_id>/", views.complaint, name="complaint"),
    path("<uuid:complaint_id>/answer/", views.complaint_answer, name="complaint_answer"),
    path("<uuid:complaint_id>/reopen/", views.complaint_reopen, name="complaint_reopen"),
]
