"""Django's entry for the app."""

from __future__ import annotations

from django.apps import AppConfig


class SampleConfig(AppConfig):
    """Names the app."""

    name = "qizhi.sample"
    label = "sample"
    verbose_name = "示例单位"
