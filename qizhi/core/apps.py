"""The ground app."""

from __future__ import annotations

from django import forms
from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules

from qizhi.core.inputs import say_in_words

# mypy is told of `ModelChoiceField[Unit]`; Django itself takes it of querysets, managers and keys alone.
for _form_class in (forms.BaseFormSet, forms.ModelChoiceField):
    setattr(_form_class, "__class_getitem__", classmethod(lambda cls, _: cls))  # noqa: B010 - its stubs have it


class CoreConfig(AppConfig):
    """Finds what the apps above declare."""

    name = "qizhi.core"
    label = "core"
    verbose_name = "底座"

    def ready(self) -> None:
        """Load each app's declared permissions, figures and kinds of rule; set the words of inputs."""
        say_in_words()
        autodiscover_modules("permissions", "figures", "kinds", "importers")
