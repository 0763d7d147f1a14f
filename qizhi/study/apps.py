"""Django's entry for the app."""

from __future__ import annotations

from django.apps import AppConfig


class StudyConfig(AppConfig):
    """Names the app."""

    name = "qizhi.study"
    label = "study"
    verbose_name = "学习"
