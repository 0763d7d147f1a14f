"""Addresses of the app."""

from __future__ import annotations

from django.urls import path

from qizhi.branch_life.views import contacts, dual, findings, methods, pages, ranked, talks, theme_days

app_name = "branch_life"
urlpatterns = [
    path("", pages.bureau, name="bureau"),
    path("units/<uuid:unit_id>/", pages.unit, name="unit"),
    path("findings/", findings.findings, name="findings"),
    path("ranked/", ranked.ranked, name="ranked"),
    path("methods/", methods.methods, name="methods"),
    path("methods/new/", methods.method_new, name="method_new"),
    path("methods/<uuid:method_id>/", methods.method, name="method"),
    path("methods/<uuid:method_id>/edit/", methods.method_edit, name="method_edit"),
    path("methods/<uuid:method_id>/end/", methods.method_end, name="method_end"),
    path("methods/<uuid:method_id>/review/", methods.method_review, name="method_review"),
    path("methods/<uuid:method_id>/link/", methods.method_link, name="method_link"),
    path("methods/<uuid:method_id>/unlink/", methods.method_unlink, name="method_unlink"),
    path("reviews/<uuid:review_id>/remove/", methods.review_remove, name="review_remove"),
    path("contacts/", contacts.contacts, name="contacts"),
    path("contacts/visits/", contacts.contact_visits, name="contact_visits"),
    path("contacts/list/", contacts.contact_list, name="contact_list"),
    path("contacts/new/", contacts.contact_new, name="contact_new"),
    path("contacts/<uuid:contact_id>/edit/", contacts.contact_edit, name="contact_edit"),
    path("contacts/<uuid:contact_id>/remove/", contacts.contact_remove, name="contact_remove"),
    path("theme-days/", theme_days.theme_days, name="theme_days"),
    path("theme-days/new/", theme_days.theme_day_new, name="theme_day_new"),
    path("theme-days/<uuid:theme_day_id>/edit/", theme_days.theme_day_edit, name="theme_day_edit"),
    path("theme-days/<uuid:theme_day_id>/remove/", theme_days.theme_day_remove, name="theme_day_remove"),
    path("dual-life/", dual.dual_life, name="dual_life"),
    path("dual-life/<uuid:person_id>/", dual.dual_person, name="dual_person"),
    path("talks/", talks.talks, name="talks"),
    path("talks/new/", talks.talk_new, name="talk_new"),
    path("talks/<uuid:talk_id>/", talks.talk, name="talk"),
    path("talks/<uuid:talk_id>/correct/", talks.talk_correct, name="talk_correct"),
    path("talks/<uuid:talk_id>/withdraw/", talks.talk_withdraw, name="talk_withdraw"),
    path("talks/<uuid:talk_id>/restore/", talks.talk_restore, name="talk_restore"),
]
