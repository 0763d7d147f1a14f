"""What every page needs; computed only when a template asks."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.http import HttpRequest

from qizhi.core.http import actor_of
from qizhi.core.permissions import Actor
from qizhi.org.models import Bureau


@dataclass
class Page:
    """The frame around a page."""

    request: HttpRequest
    navigation_template = "web/_navigation.html"

    @cached_property
    def actor(self) -> Actor:
        """Who is here."""
        return actor_of(self.request)

    @cached_property
    def bureau_name(self) -> str:
        """The name in the title bar."""
        bureau = Bureau.objects.filter(pk=self.actor.bureau_id).only("short_name").first()
        return bureau.short_name if bureau else "旗帜"


def page(request: HttpRequest) -> dict[str, Page]:
    """Context processor: `page`."""
    return {"page": Page(request)}
