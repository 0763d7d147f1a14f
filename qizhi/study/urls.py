"""Addresses of the app."""

from __future__ import annotations

from django.urls import path

from qizhi.study import views

app_name = "study"
urlpatterns = [
    path("", views.bureau, name="bureau"),
    path("plans/<uuid:plan_id>/", views.plan, name="plan"),
    path("items/<uuid:item_id>/link/", views.item_link, name="item_link"),
    path("items/<uuid:item_id>/unlink/", views.item_unlink, name="item_unlink"),
]
