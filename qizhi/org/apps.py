"""Django's entry for the app."""

from __future__ import annotations

from django.apps import AppConfig


class OrgConfig(AppConfig):
    """Names the app."""

    name = "qizhi.org"
    label = "org"
    verbose_name = "组织"
