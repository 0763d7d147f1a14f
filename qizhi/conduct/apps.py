"""Django's entry for the app."""

from __future__ import annotations

from django.apps import AppConfig


class ConductConfig(AppConfig):
    """Names the app."""

    name = "qizhi.conduct"
    label = "conduct"
    verbose_name = "作风纪律"
