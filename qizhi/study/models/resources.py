"""Where and from whom one learns: on-site education bases and role models, with their gatherings."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.urls import reverse

from qizhi.gatherings.models import Gathering
from qizhi.org.models import BureauRow, DatedRow
from qizhi.study.enums import ResourceKind


class Resource(DatedRow):
    """An education base or a role model in the register, from one day to another."""

    kind = models.CharField("类别", max_length=12, choices=ResourceKind, default=ResourceKind.BASE)
    name = models.CharField("名称", max_length=80)
    place = models.CharField("所在地或单位", max_length=80, blank=True)
    note = models.CharField("说明", max_length=200, blank=True)
    gatherings = models.ManyToManyField(
        Gathering, verbose_name="活动", through="ResourceLink", related_name="study_resources"
    )

    class Meta(DatedRow.Meta):
        """Names are unique in a kind."""

        verbose_name = "学习资源"
        ordering: ClassVar = ["kind", "name"]
        constraints: ClassVar = [
            *DatedRow.Meta.constraints,
            models.UniqueConstraint(fields=["bureau", "kind", "name"], name="study_resource_name"),
        ]

    def __str__(self) -> str:
        """The name."""
        return self.name

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("study:resource", args=[self.pk])


class ResourceLink(BureauRow):
    """That a gathering was held at a base, or was about a role model."""

    resource = models.ForeignKey(Resource, models.CASCADE, verbose_name="学习资源", related_name="links")
    gathering = models.ForeignKey(
        Gathering, models.CASCADE, verbose_name="活动", related_name="resource_links"
    )

    class Meta:
        """Each pair once."""

        verbose_name = "活动的学习资源"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["bureau", "resource", "gathering"], name="study_resource_pair")
        ]

    def __str__(self) -> str:
        """Both."""
        return f"{self.resource} → {self.gathering}"
