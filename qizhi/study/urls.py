"""Addresses of the app."""

from __future__ import annotations

from django.urls.resolvers import URLPattern

app_name = "study"
urlpatterns: list[URLPattern] = []
