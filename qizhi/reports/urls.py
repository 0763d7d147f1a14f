"""Addresses of the app."""

from __future__ import annotations

from django.urls import path

from qizhi.reports.views import figures, issued, overview, secretary, templates

app_name = "reports"
urlpatterns = [
    path("overview/", overview.overview, name="overview"),
    path("overview/<str:kind>/", overview.overview_file, name="overview_file"),
    path("figures/", figures.figures, name="figures"),
    path("figures/<str:key>/rows/", figures.rows, name="rows"),
    path("secretary-report/", secretary.secretary_report, name="secretary_report"),
    path("template/", templates.template_edit, name="template_edit"),
    path("template/check/", templates.template_check, name="template_check"),
    path("template/<uuid:template_id>/", templates.template, name="template"),
    path("template/<uuid:template_id>/restore/", templates.template_restore, name="template_restore"),
    path("issued/", issued.issued_list, name="issued_list"),
    path("issued/new/", issued.issue, name="issue"),
    path("issued/<uuid:issued_id>/", issued.issued, name="issued"),
    path("issued/<uuid:issued_id>/numbers/<int:index>/", issued.issued_rows, name="issued_rows"),
    path("issued/<uuid:issued_id>/<str:kind>/", issued.issued_file, name="issued_file"),
]
