"""Django's entry for the app."""

from __future__ import annotations

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """Names the app."""

    name = "qizhi.reports"
    label = "reports"
    verbose_name = "综述与指标"
