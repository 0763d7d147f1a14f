"""Addresses of the app."""

from __future__ import annotations

from django.urls import path
from django.urls.resolvers import URLPattern

from qizhi.gatherings.views import (
    agenda,
    detail,
    feedback,
    instructions,
    listing,
    record,
    settings,
    tally,
    voting,
)

app_name = "gatherings"
urlpatterns: list[URLPattern] = [
    path("", listing.gatherings, name="gatherings"),
    path("record/", record.record, name="record"),
    path("agenda/", agenda.agenda_plan, name="agenda_plan"),
    path("roll-sheet/", record.blank_roll_sheet, name="blank_roll_sheet"),
    path("tally-sheet/", tally.blank_tally_sheet, name="blank_tally_sheet"),
    path("series/", settings.series_list, name="series_list"),
    path("series/new/", settings.series_new, name="series_new"),
    path("series/<uuid:series_id>/", settings.series, name="series"),
    path("series/<uuid:series_id>/edit/", settings.series_edit, name="series_edit"),
    path("templates/", settings.templates, name="templates"),
    path("templates/new/", settings.template_new, name="template_new"),
    path("templates/<uuid:template_id>/edit/", settings.template_edit, name="template_edit"),
    path("kinds/", settings.kinds, name="kinds"),
    path("kinds/new/", settings.kind_new, name="kind_new"),
    path("kinds/<uuid:kind_id>/edit/", settings.kind_edit, name="kind_edit"),
    path("instructions/", instructions.instructions, name="instructions"),
    path("instructions/new/", instructions.instruction_new, name="instruction_new"),
    path("instructions/<uuid:instruction_id>/", instructions.instruction, name="instruction"),
    path("instructions/<uuid:instruction_id>/edit/", instructions.instruction_edit, name="instruction_edit"),
    path("branches/<uuid:unit_id>/voting/", voting.branch_voting, name="branch_voting"),
    path("branches/<uuid:unit_id>/exclusions/new/", voting.exclusion_new, name="exclusion_new"),
    path("exclusions/<uuid:exclusion_id>/edit/", voting.exclusion_edit, name="exclusion_edit"),
    path("exclusions/<uuid:exclusion_id>/remove/", voting.exclusion_remove, name="exclusion_remove"),
    path("<uuid:gathering_id>/", detail.detail, name="detail"),
    path("<uuid:gathering_id>/agenda/", agenda.agenda, name="agenda"),
    path("<uuid:gathering_id>/correct/", record.correct, name="correct"),
    path("<uuid:gathering_id>/withdraw/", detail.withdraw, name="withdraw"),
    path("<uuid:gathering_id>/restore/", detail.restore, name="restore"),
    path("<uuid:gathering_id>/comment/", detail.comment, name="comment"),
    path("<uuid:gathering_id>/comment/remove/", detail.leave_audit, name="leave_audit"),
    path("<uuid:gathering_id>/feedback/", feedback.feedback, name="feedback"),
    path("<uuid:gathering_id>/feedback/strike/", feedback.feedback_strike, name="feedback_strike"),
    path("<uuid:gathering_id>/roll-sheet/", record.roll_sheet, name="roll_sheet"),
    path("<uuid:gathering_id>/voting-roll/", voting.voting_roll, name="voting_roll"),
    path("<uuid:gathering_id>/tally-sheet/", tally.tally_sheet, name="tally_sheet"),
    path("<uuid:gathering_id>/attachments/", detail.attach, name="attach"),
    path("<uuid:gathering_id>/attachments/<uuid:attachment_id>/", detail.attachment, name="attachment"),
    path("<uuid:gathering_id>/attachments/<uuid:attachment_id>/remove/", detail.detach, name="detach"),
]
