"""Django's entry for the app."""

from __future__ import annotations

from django.apps import AppConfig


class BranchLifeConfig(AppConfig):
    """Names the app."""

    name = "qizhi.branch_life"
    label = "branch_life"
    verbose_name = "组织生活"
