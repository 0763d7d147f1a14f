"""Addresses of the app."""

from __future__ import annotations

from django.urls import path

from qizhi.conduct.views import (
    bulletins,
    cases,
    home,
    inspections,
    leave,
    leave_register,
    observations,
    points,
    steps,
)

app_name = "conduct"
urlpatterns = [
    path("", home.home, name="home"),
    path("cases/", cases.cases, name="cases"),
    path("cases/new/", cases.case_new, name="case_new"),
    path("cases/finalize/", steps.cases_finalize, name="cases_finalize"),
    path("cases/<uuid:case_id>/", cases.case, name="case"),
    path("cases/<uuid:case_id>/edit/", cases.case_edit, name="case_edit"),
    path("cases/<uuid:case_id>/drop/", steps.case_drop, name="case_drop"),
    path("cases/<uuid:case_id>/notify/", steps.case_notify, name="case_notify"),
    path("cases/<uuid:case_id>/statement/", steps.case_state, name="case_state"),
    path("cases/<uuid:case_id>/decide/", steps.case_decide, name="case_decide"),
    path("cases/<uuid:case_id>/appeal/", steps.case_appeal, name="case_appeal"),
    path("cases/<uuid:case_id>/admit/", steps.case_admit, name="case_admit"),
    path("cases/<uuid:case_id>/review/", steps.case_review, name="case_review"),
    path("cases/<uuid:case_id>/finalize/", steps.case_finalize, name="case_finalize"),
    path("cases/<uuid:case_id>/<slug:document>.<slug:kind>", cases.case_paper, name="case_paper"),
    path("findings/<uuid:finding_id>/case/", cases.case_from_finding, name="case_from_finding"),
    path(
        "observations/<uuid:observation_id>/case/", cases.case_from_observation, name="case_from_observation"
    ),
    path("observations/<uuid:observation_id>/edit/", observations.observation_edit, name="observation_edit"),
    path(
        "observations/<uuid:observation_id>/remove/",
        observations.observation_remove,
        name="observation_remove",
    ),
    path("inspections/", inspections.inspections, name="inspections"),
    path("inspections/new/", inspections.inspection_new, name="inspection_new"),
    path("inspections/<uuid:inspection_id>/", inspections.inspection, name="inspection"),
    path("inspections/<uuid:inspection_id>/edit/", inspections.inspection_edit, name="inspection_edit"),
    path("inspections/<uuid:inspection_id>/draw/", inspections.inspection_draw, name="inspection_draw"),
    path("inspections/<uuid:inspection_id>/close/", inspections.inspection_close, name="inspection_close"),
    path("inspections/<uuid:inspection_id>/observe/", observations.observation_new, name="observation_new"),
    path("points/", points.points, name="points"),
    path("points/appraisal/", points.appraisal, name="appraisal"),
    path("points/people/<uuid:person_id>/", points.person_sheet, name="person_sheet"),
    path("points/units/<uuid:unit_id>/", points.unit_sheet, name="unit_sheet"),
    path("bulletins/", bulletins.bulletins, name="bulletins"),
    path("bulletins/new/", bulletins.bulletin_new, name="bulletin_new"),
    path("bulletins/<uuid:bulletin_id>/", bulletins.bulletin, name="bulletin"),
    path("bulletins/<uuid:bulletin_id>/edit/", bulletins.bulletin_edit, name="bulletin_edit"),
    path("bulletins/<uuid:bulletin_id>/approve/", bulletins.bulletin_approve, name="bulletin_approve"),
    path("bulletins/<uuid:bulletin_id>/remove/", bulletins.bulletin_remove, name="bulletin_remove"),
    path("bulletins/<uuid:bulletin_id>/bulletin.<slug:kind>", bulletins.bulletin_file, name="bulletin_file"),
    path("leaves/", leave_register.leaves, name="leaves"),
    path("leaves/mine/", leave.my_leave, name="my_leave"),
    path("leaves/new/", leave.leave_new, name="leave_new"),
    path("leaves/register/", leave_register.leave_register, name="leave_register"),
    path("leaves/waiting/", leave_register.leave_waiting, name="leave_waiting"),
    path("leaves/balances/", leave_register.leave_balances, name="leave_balances"),
    path("leaves/calendar/", leave_register.leave_calendar, name="leave_calendar"),
    path("leaves/<uuid:leave_id>/", leave.leave, name="leave"),
    path("leaves/<uuid:leave_id>/decide/", leave.leave_decide, name="leave_decide"),
    path("leaves/<uuid:leave_id>/return/", leave.leave_return, name="leave_return"),
    path("leaves/<uuid:leave_id>/cancel/", leave.leave_cancel, name="leave_cancel"),
]
