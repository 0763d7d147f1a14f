"""The ground app."""

from __future__ import annotations

from django.apps import AppConfig
from django.forms import Field
from django.utils.module_loading import autodiscover_modules


class CoreConfig(AppConfig):
    """Finds what the apps above declare."""

    name = "qizhi.core"
    label = "core"
    verbose_name = "底座"

    def ready(self) -> None:
        """Load each app's declared permissions, figures and kinds of rule; set the words of inputs."""
        # Django's own sentence speaks of 字段, which is a word of programmers.
        Field.default_error_messages["required"] = "这一项必填，还没有填写。"
        autodiscover_modules("permissions", "figures", "kinds", "importers")
