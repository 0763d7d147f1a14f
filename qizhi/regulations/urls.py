"""Addresses of documents and the working calendar."""

from __future__ import annotations

from django.urls import path

from qizhi.regulations.views import (
    calendar,
    cases,
    documents,
    exemptions,
    findings,
    publishing,
    runs,
    settling,
    uses,
    versions,
)

app_name = "regulations"
urlpatterns = [
    path("", documents.library, name="library"),
    path("new/", documents.regulation_new, name="regulation_new"),
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/papers/new/", calendar.paper_new, name="paper_new"),
    path("calendar/papers/<uuid:paper_id>/edit/", calendar.paper_edit, name="paper_edit"),
    path("calendar/papers/<uuid:paper_id>/remove/", calendar.paper_remove, name="paper_remove"),
    path("runs/", runs.runs, name="runs"),
    path("runs/new/", runs.run_new, name="run_new"),
    path("runs/<uuid:run_id>/", runs.run, name="run"),
    path("findings/", findings.findings, name="findings"),
    path("findings/<uuid:finding_id>/", findings.finding, name="finding"),
    path("findings/<uuid:finding_id>/withdraw/", findings.finding_withdraw, name="finding_withdraw"),
    path("exemptions/", exemptions.exemptions, name="exemptions"),
    path("exemptions/new/", exemptions.exemption_new, name="exemption_new"),
    path("exemptions/<uuid:exemption_id>/edit/", exemptions.exemption_edit, name="exemption_edit"),
    path(
        "exemptions/<uuid:exemption_id>/withdraw/", exemptions.exemption_withdraw, name="exemption_withdraw"
    ),
    path("proposals/", settling.proposals, name="proposals"),
    path("proposals/<uuid:proposal_id>/", settling.proposal, name="proposal"),
    path("periods/", settling.periods, name="periods"),
    path("periods/new/", settling.period_new, name="period_new"),
    path("periods/<uuid:period_id>/reopen/", settling.period_reopen, name="period_reopen"),
    path("aliases/<uuid:alias_id>/remove/", documents.alias_remove, name="alias_remove"),
    path("versions/<uuid:version_id>/clone/", versions.version_clone, name="version_clone"),
    path("versions/<uuid:version_id>/edit/", versions.version_edit, name="version_edit"),
    path("versions/<uuid:version_id>/publish/", publishing.version_publish, name="version_publish"),
    path("versions/<uuid:version_id>/discard/", versions.version_discard, name="version_discard"),
    path("versions/<uuid:version_id>/clauses/new/", versions.clause_new, name="clause_new"),
    path("clauses/<uuid:clause_id>/", uses.clause, name="clause"),
    path("clauses/<uuid:clause_id>/cases/", cases.clause_cases, name="clause_cases"),
    path("clauses/<uuid:clause_id>/cases/edit/", cases.clause_cases_edit, name="clause_cases_edit"),
    path("clauses/<uuid:clause_id>/edit/", versions.clause_edit, name="clause_edit"),
    path("clauses/<uuid:clause_id>/remove/", versions.clause_remove, name="clause_remove"),
    path("<uuid:regulation_id>/", documents.regulation, name="regulation"),
    path("<uuid:regulation_id>/compare/", publishing.compare, name="compare"),
    path("<uuid:regulation_id>/edit/", documents.regulation_edit, name="regulation_edit"),
    path("<uuid:regulation_id>/aliases/new/", documents.alias_new, name="alias_new"),
    path("<uuid:regulation_id>/versions/new/", versions.version_new, name="version_new"),
]
