"""Django's entry for the app."""

from __future__ import annotations

from django.apps import AppConfig


class CultureConfig(AppConfig):
    """Names the app."""

    name = "qizhi.culture"
    label = "culture"
    verbose_name = "党建文化"
