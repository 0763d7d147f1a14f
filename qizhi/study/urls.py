"""Addresses of the app."""

from __future__ import annotations

from django.urls import path

from qizhi.study.views import plans

app_name = "study"
urlpatterns = [
    path("", plans.bureau, name="bureau"),
    path("plans/<uuid:plan_id>/", plans.plan, name="plan"),
    path("items/<uuid:item_id>/link/", plans.item_link, name="item_link"),
    path("items/<uuid:item_id>/unlink/", plans.item_unlink, name="item_unlink"),
]
