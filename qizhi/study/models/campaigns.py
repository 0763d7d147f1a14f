"""Education campaigns: their phases and what is to be studied; who covered what is derived, never stored."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.urls import reverse

from qizhi.gatherings.models import Gathering
from qizhi.org.models import BureauRow, DatedRow
from qizhi.regulations.models import Regulation
from qizhi.study.enums import Layer


class Campaign(DatedRow):
    """An education campaign (专题教育) with its days and the paper that asks for it."""

    name = models.CharField("名称", max_length=80)
    note = models.CharField("说明", max_length=200, blank=True)
    regulation = models.ForeignKey(
        Regulation, models.PROTECT, verbose_name="方案", null=True, blank=True, related_name="+"
    )

    class Meta(DatedRow.Meta):
        """Names are unique in a bureau."""

        verbose_name = "专题教育"
        ordering: ClassVar = ["-from_on", "name"]
        constraints: ClassVar = [
            *DatedRow.Meta.constraints,
            models.UniqueConstraint(fields=["bureau", "name"], name="study_campaign_name"),
        ]

    def __str__(self) -> str:
        """The name."""
        return self.name

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("study:campaign", args=[self.pk])


class CampaignPhase(DatedRow):
    """A stretch of a campaign."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, verbose_name="专题教育", related_name="phases")
    name = models.CharField("阶段", max_length=60)

    class Meta(DatedRow.Meta):
        """In the order of days."""

        verbose_name = "专题教育阶段"
        ordering: ClassVar = ["from_on", "name"]
        constraints: ClassVar = [
            *DatedRow.Meta.constraints,
            models.UniqueConstraint(fields=["bureau", "campaign", "name"], name="study_phase_name"),
        ]

    def __str__(self) -> str:
        """The name."""
        return self.name


class CampaignTopic(BureauRow):
    """Something that each of its layers is to study; `words` are what machines look for in records."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, verbose_name="专题教育", related_name="topics")
    phase = models.ForeignKey(
        CampaignPhase, models.SET_NULL, verbose_name="阶段", null=True, blank=True, related_name="topics"
    )
    position = models.PositiveSmallIntegerField("序号", default=1)
    title = models.CharField("必学内容", max_length=80)
    words = models.TextField("识别词", blank=True, help_text="一行一个；空着则用必学内容本身")
    layers = models.JSONField("学习层级", default=list)

    class Meta:
        """Titles are unique in a campaign."""

        verbose_name = "必学内容"
        ordering: ClassVar = ["position", "title"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["bureau", "campaign", "title"], name="study_topic_title"),
        ]

    def __str__(self) -> str:
        """The title."""
        return self.title

    @property
    def layer_names(self) -> str:
        """The layers in words."""
        return "、".join(str(Layer(one).label) for one in self.layers if one in Layer)


class CampaignMatch(BureauRow):
    """A person's word that a gathering was on a topic, or that it was not."""

    topic = models.ForeignKey(CampaignTopic, models.CASCADE, verbose_name="必学内容", related_name="matches")
    gathering = models.ForeignKey(
        Gathering, models.CASCADE, verbose_name="活动", related_name="campaign_matches"
    )
    is_rejected = models.BooleanField("认定不是", default=False)

    class Meta:
        """One word for each pair."""

        verbose_name = "专题教育开展情况的认定"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["bureau", "topic", "gathering"], name="study_campaign_pair"),
        ]

    def __str__(self) -> str:
        """Both, with the word between."""
        return f"{self.topic} {'≠' if self.is_rejected else '→'} {self.gathering}"
