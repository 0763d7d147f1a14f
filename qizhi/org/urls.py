"""Addresses of the organisation."""

from __future__ import annotations

from django.urls import path

from qizhi.org.views import accounts, aspects, people, rows, units

app_name = "org"
urlpatterns = [
    path("bureau/", units.bureau, name="bureau"),
    path("units/", units.units, name="units"),
    path("units/new/", units.unit_new, name="unit_new"),
    path("units/<uuid:unit_id>/", units.unit, name="unit"),
    path("units/<uuid:unit_id>/edit/", units.unit_edit, name="unit_edit"),
    path("units/<uuid:unit_id>/close/", units.unit_close, name="unit_close"),
    path("units/<uuid:unit_id>/reopen/", units.unit_reopen, name="unit_reopen"),
    path("units/<uuid:unit_id>/<slug:aspect>/new/", aspects.aspect_new, name="aspect_new"),
    path(
        "units/<uuid:unit_id>/<slug:aspect>/<uuid:aspect_id>/edit/", aspects.aspect_edit, name="aspect_edit"
    ),
    path(
        "units/<uuid:unit_id>/<slug:aspect>/<uuid:aspect_id>/remove/",
        aspects.aspect_remove,
        name="aspect_remove",
    ),
    path("people/", people.people, name="people"),
    path("people/new/", people.person_new, name="person_new"),
    path("people/<uuid:person_id>/", people.person, name="person"),
    path("people/<uuid:person_id>/edit/", people.person_edit, name="person_edit"),
    path("people/<uuid:person_id>/account/", accounts.account_new, name="account_new"),
    path("people/<uuid:person_id>/account/reset/", accounts.account_reset, name="account_reset"),
    path("people/<uuid:person_id>/account/disable/", accounts.account_disable, name="account_disable"),
    path("people/<uuid:person_id>/account/enable/", accounts.account_enable, name="account_enable"),
    path("people/<uuid:person_id>/<slug:key>/new/", rows.person_change, name="person_change"),
    path("people/<uuid:person_id>/<slug:key>/<uuid:row_id>/end/", rows.row_end, name="row_end"),
    path("people/<uuid:person_id>/<slug:key>/<uuid:row_id>/correct/", rows.row_correct, name="row_correct"),
    path("people/<uuid:person_id>/<slug:key>/<uuid:row_id>/remove/", rows.row_remove, name="row_remove"),
]
