"""Addresses of the app."""

from __future__ import annotations

from django.urls import path

from qizhi.tasks import views

app_name = "tasks"
urlpatterns = [
    path("", views.plans, name="plans"),
    path("new/", views.plan_new, name="plan_new"),
    path("<uuid:plan_id>/", views.plan, name="plan"),
    path("<uuid:plan_id>/edit/", views.plan_edit, name="plan_edit"),
    path("<uuid:plan_id>/delete/", views.plan_delete, name="plan_delete"),
    path("items/<uuid:item_id>/cancel/", views.item_cancel, name="item_cancel"),
    path("items/<uuid:item_id>/restore/", views.item_restore, name="item_restore"),
]
