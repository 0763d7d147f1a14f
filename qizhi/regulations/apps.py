"""Django's entry for the app."""

from __future__ import annotations

from django.apps import AppConfig


class RegulationsConfig(AppConfig):
    """Names the app."""

    name = "qizhi.regulations"
    label = "regulations"
    verbose_name = "制度"
