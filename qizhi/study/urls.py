"""Addresses of the app."""

from __future__ import annotations

from django.urls import path

from qizhi.study.views import banks, campaign_forms, campaigns, courses, hours, plans, resources, self_tests

app_name = "study"
urlpatterns = [
    path("", plans.bureau, name="bureau"),
    path("plans/<uuid:plan_id>/", plans.plan, name="plan"),
    path("items/<uuid:item_id>/link/", plans.item_link, name="item_link"),
    path("items/<uuid:item_id>/unlink/", plans.item_unlink, name="item_unlink"),
    path("hours/", hours.hours, name="hours"),
    path("hours/mine/", hours.my_hours, name="my_hours"),
    path("hours/units/<uuid:unit_id>/", hours.hours_unit, name="hours_unit"),
    path("hours/people/<uuid:person_id>/", hours.hours_person, name="hours_person"),
    path("campaigns/", campaigns.campaigns, name="campaigns"),
    path("campaigns/new/", campaign_forms.campaign_new, name="campaign_new"),
    path("campaigns/<uuid:campaign_id>/", campaigns.campaign, name="campaign"),
    path("campaigns/<uuid:campaign_id>/edit/", campaign_forms.campaign_edit, name="campaign_edit"),
    path("campaigns/<uuid:campaign_id>/phases/new/", campaign_forms.phase_new, name="phase_new"),
    path("campaigns/<uuid:campaign_id>/topics/new/", campaign_forms.topic_new, name="topic_new"),
    path("phases/<uuid:phase_id>/edit/", campaign_forms.phase_edit, name="phase_edit"),
    path("phases/<uuid:phase_id>/remove/", campaign_forms.phase_remove, name="phase_remove"),
    path("topics/<uuid:topic_id>/edit/", campaign_forms.topic_edit, name="topic_edit"),
    path("topics/<uuid:topic_id>/remove/", campaign_forms.topic_remove, name="topic_remove"),
    path("topics/<uuid:topic_id>/units/<uuid:unit_id>/", campaigns.topic_unit, name="topic_unit"),
    path("courses/", courses.courses, name="courses"),
    path("courses/new/", courses.course_new, name="course_new"),
    path("courses/<uuid:course_id>/edit/", courses.course_edit, name="course_edit"),
    path("completions/new/", courses.completion_new, name="completion_new"),
    path("completions/<uuid:completion_id>/edit/", courses.completion_edit, name="completion_edit"),
    path("completions/<uuid:completion_id>/remove/", courses.completion_remove, name="completion_remove"),
    path("banks/", banks.banks, name="banks"),
    path("banks/new/", banks.bank_new, name="bank_new"),
    path("banks/<uuid:bank_id>/", banks.bank, name="bank"),
    path("banks/<uuid:bank_id>/edit/", banks.bank_edit, name="bank_edit"),
    path("banks/<uuid:bank_id>/import/", banks.bank_import, name="bank_import"),
    path("banks/<uuid:bank_id>/files/<uuid:draft_id>/", banks.bank_file, name="bank_file"),
    path("banks/<uuid:bank_id>/questions/new/", banks.question_new, name="question_new"),
    path("questions/<uuid:question_id>/edit/", banks.question_edit, name="question_edit"),
    path("questions/<uuid:question_id>/retire/", banks.question_retire, name="question_retire"),
    path("self-tests/", self_tests.self_tests, name="self_tests"),
    path("self-tests/<uuid:test_id>/", self_tests.self_test, name="self_test"),
    path("self-tests/<uuid:test_id>/remove/", self_tests.self_test_remove, name="self_test_remove"),
    path("resources/", resources.resources, name="resources"),
    path("resources/new/", resources.resource_new, name="resource_new"),
    path("resources/<uuid:resource_id>/", resources.resource, name="resource"),
    path("resources/<uuid:resource_id>/edit/", resources.resource_edit, name="resource_edit"),
    path("resources/<uuid:resource_id>/link/", resources.resource_link, name="resource_link"),
    path("gatherings/<uuid:gathering_id>/", resources.gathering_resources, name="gathering_resources"),
]
