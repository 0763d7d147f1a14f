"""Addresses of the app."""

from __future__ import annotations

from django.urls import path

from qizhi.study.views import banks, courses, hours, plans, self_tests

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
]
