"""Addresses: each app brings its own under its name."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("qizhi.web.urls")),
    path("org/", include("qizhi.org.urls")),
    path("regulations/", include("qizhi.regulations.urls")),
    path("gatherings/", include("qizhi.gatherings.urls")),
    path("tasks/", include("qizhi.tasks.urls")),
    path("complaints/", include("qizhi.publishing.urls")),
    path("study/", include("qizhi.study.urls")),
    path("culture/", include("qizhi.culture.urls")),
    path("branch-life/", include("qizhi.branch_life.urls")),
    path("conduct/", include("qizhi.conduct.urls")),
    path("reports/", include("qizhi.reports.urls")),
]

handler400 = "qizhi.web.views.errors.bad_request"
handler403 = "qizhi.web.views.errors.forbidden"
handler404 = "qizhi.web.views.errors.not_found"
handler500 = "qizhi.web.views.errors.server_error"
