"""The ground app."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules

from qizhi.core.inputs import say_in_words


class CoreConfig(AppConfig):
    """Finds what the apps above declare."""

    name = "qizhi.core"
    label = "core"
    verbose_name = "底座"

    def ready(self) -> None:
        """Load each app's declared permissions, figures and kinds of rule; set the words of inputs."""
        say_in_words()
        autodiscover_modules("permissions", "figures", "kinds", "importers")
