"""Django's entry for the app."""

from __future__ import annotations

from django.apps import AppConfig


class PublishingConfig(AppConfig):
    """Names the app."""

    name = "qizhi.publishing"
    label = "publishing"
    verbose_name = "投诉建议"
