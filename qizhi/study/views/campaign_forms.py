"""The pages on which campaigns, phases and topics are written."""

from __future__ import annotations

import uuid
from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse

from qizhi.core.http import actor_of, writes
from qizhi.regulations.models import Regulation
from qizhi.study.forms.campaigns import CampaignForm, PhaseForm, TopicForm
from qizhi.study.models import CampaignPhase, CampaignTopic
from qizhi.study.permissions.campaigns import MANAGE_CAMPAIGNS, campaign_for, phase_for, topic_for
from qizhi.study.services import campaigns as services
from qizhi.study.views.shared import edited


def _data(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


@writes(MANAGE_CAMPAIGNS)
def campaign_new(request: HttpRequest) -> HttpResponse:
    """Make a campaign."""
    papers = Regulation.objects.filter(bureau_id=actor_of(request).bureau_id).order_by("title")
    form = CampaignForm(_data(request), regulations=papers)
    back = reverse("study:campaigns")
    return edited(request, form, services.save_campaign, title="新建专题教育", back=back)


@writes(MANAGE_CAMPAIGNS)
def campaign_edit(request: HttpRequest, campaign_id: uuid.UUID) -> HttpResponse:
    """Correct a campaign."""
    found = campaign_for(actor_of(request), MANAGE_CAMPAIGNS, campaign_id)
    papers = Regulation.objects.filter(bureau_id=found.bureau_id).order_by("title")
    names = ("name", "from_on", "to_on", "note", "regulation")
    form = CampaignForm(
        _data(request),
        regulations=papers,
        initial={"id": None, **{name: getattr(found, name) for name in names}},
    )
    save = partial(services.save_campaign, found)
    return edited(request, form, save, title=f"修改：{found}", back=found.get_absolute_url())


@writes(MANAGE_CAMPAIGNS)
def phase_new(request: HttpRequest, campaign_id: uuid.UUID) -> HttpResponse:
    """Add a phase."""
    found = campaign_for(actor_of(request), MANAGE_CAMPAIGNS, campaign_id)
    form = PhaseForm(_data(request), initial={"from_on": found.from_on, "to_on": found.to_on})
    save = partial(services.save_phase, campaign=found)
    return edited(request, form, save, title=f"增加阶段：{found}", back=found.get_absolute_url())


@writes(MANAGE_CAMPAIGNS)
def phase_edit(request: HttpRequest, phase_id: uuid.UUID) -> HttpResponse:
    """Correct a phase."""
    found = phase_for(actor_of(request), MANAGE_CAMPAIGNS, phase_id)
    initial = {"id": None, "name": found.name, "from_on": found.from_on, "to_on": found.to_on}
    form = PhaseForm(_data(request), initial=initial)
    save = partial(services.save_phase, found, campaign=found.campaign)
    return edited(request, form, save, title=f"修改阶段：{found}", back=found.campaign.get_absolute_url())


@writes(MANAGE_CAMPAIGNS)
def phase_remove(request: HttpRequest, phase_id: uuid.UUID) -> HttpResponse:
    """Remove a phase; its topics stay, for the whole campaign."""
    return _removed(request, phase_for(actor_of(request), MANAGE_CAMPAIGNS, phase_id))


@writes(MANAGE_CAMPAIGNS)
def topic_new(request: HttpRequest, campaign_id: uuid.UUID) -> HttpResponse:
    """Add a topic."""
    found = campaign_for(actor_of(request), MANAGE_CAMPAIGNS, campaign_id)
    form = TopicForm(_data(request), phases=found.phases.all())
    save = partial(services.save_topic, campaign=found)
    return edited(request, form, save, title=f"增加必学内容：{found}", back=found.get_absolute_url())


@writes(MANAGE_CAMPAIGNS)
def topic_edit(request: HttpRequest, topic_id: uuid.UUID) -> HttpResponse:
    """Correct a topic."""
    found = topic_for(actor_of(request), MANAGE_CAMPAIGNS, topic_id)
    names = ("title", "words", "phase", "layers")
    initial = {"id": None, **{name: getattr(found, name) for name in names}}
    form = TopicForm(_data(request), phases=found.campaign.phases.all(), initial=initial)
    save = partial(services.save_topic, found, campaign=found.campaign)
    return edited(request, form, save, title=f"修改必学内容：{found}", back=found.campaign.get_absolute_url())


@writes(MANAGE_CAMPAIGNS)
def topic_remove(request: HttpRequest, topic_id: uuid.UUID) -> HttpResponse:
    """Remove a topic with what people said of it."""
    return _removed(request, topic_for(actor_of(request), MANAGE_CAMPAIGNS, topic_id))


def _removed(request: HttpRequest, row: CampaignPhase | CampaignTopic) -> HttpResponse:
    back = row.campaign.get_absolute_url()
    if request.method == "POST":
        services.remove_part(row, by=actor_of(request))
        messages.success(request, f"“{row}”已删除，操作日志中留有内容。")
    return redirect(back)
