"""Django's entry for the app."""

from __future__ import annotations

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Names the app."""

    name = "qizhi.web"
    label = "web"
    verbose_name = "首页"
