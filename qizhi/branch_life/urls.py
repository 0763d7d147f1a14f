"""Addresses of the app."""

from __future__ import annotations

from django.urls import path

from qizhi.branch_life.views import methods, pages

app_name = "branch_life"
urlpatterns = [
    path("", pages.bureau, name="bureau"),
    path("units/<uuid:unit_id>/", pages.unit, name="unit"),
    path("methods/", methods.methods, name="methods"),
    path("methods/new/", methods.method_new, name="method_new"),
    path("methods/<uuid:method_id>/edit/", methods.method_edit, name="method_edit"),
    path("methods/<uuid:method_id>/end/", methods.method_end, name="method_end"),
]
