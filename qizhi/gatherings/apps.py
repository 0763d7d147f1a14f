"""Django's entry for the app."""

from __future__ import annotations

from django.apps import AppConfig


class GatheringsConfig(AppConfig):
    """Names the app."""

    name = "qizhi.gatherings"
    label = "gatherings"
    verbose_name = "活动"
