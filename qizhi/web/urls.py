"""Addresses of the front of the house."""

from __future__ import annotations

from django.urls import path

from qizhi.web.views import account, feeds, home, ledgers, mine, parts, start, tables

app_name = "web"
urlpatterns = [
    path("", home.home, name="home"),
    path("login/", account.log_in, name="log_in"),
    path("logout/", account.log_out, name="log_out"),
    path("first-start/", start.first_start, name="first_start"),
    path("restore/", start.restore, name="restore"),
    path("archive/", start.archive, name="archive"),
    path("mine/", mine.mine, name="mine"),
    path("calendar/", feeds.feeds, name="feeds"),
    path("calendar/new/", feeds.feed_new, name="feed_new"),
    path("calendar/<uuid:feed_id>/revoke/", feeds.feed_revoke, name="feed_revoke"),
    path("calendar/<str:token>.ics", feeds.calendar, name="calendar"),
    path("parts/<uuid:part_id>/record/", parts.part_record, name="part_record"),
    path("ledgers/", ledgers.ledgers, name="ledgers"),
    path("ledgers/branch-file/<uuid:unit_id>/", ledgers.branch_file, name="branch_file"),
    path("ledgers/<slug:ledger>/", ledgers.ledger, name="ledger"),
    path("search/", mine.search, name="search"),
    path("components/", mine.components, name="components"),
    path("tables/", tables.tables, name="tables"),
    path("tables/<str:key>/upload/", tables.upload, name="upload"),
    path("tables/<str:key>/template/", tables.template, name="template"),
    path("tables/<str:key>/export/", tables.table_export, name="table_export"),
    path("tables/files/<uuid:draft_id>/", tables.draft, name="draft"),
    path("tables/files/<uuid:draft_id>/errors/", tables.draft_errors, name="draft_errors"),
]
