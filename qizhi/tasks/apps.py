"""Django's entry for the app."""

from __future__ import annotations

from django.apps import AppConfig


class TasksConfig(AppConfig):
    """Names the app."""

    name = "qizhi.tasks"
    label = "tasks"
    verbose_name = "计划与任务"
