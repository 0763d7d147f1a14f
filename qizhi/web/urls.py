"""Addresses of the front of the house."""

from __future__ import annotations

from django.urls import path

from qizhi.web.views import account, feeds, home, ledgers, mine, own, parts, start, tables

app_name = "web"
urlpatterns = [
    path("", home.home, name="home"),
    path("login/", account.log_in, name="log_in"),
    path("logout/", account.log_out, name="log_out"),
    path("password/", account.password_change, name="password_change"),
    path("first-start/", start.first_start, name="first_start"),
    path("set-up/", start.set_up, name="set_up"),
    path("restore/", start.restore, name="restore"),
    path("archive/", start.archive, name="archive"),
    path("mine/", mine.mine, name="mine"),
    path("mine/download/", own.mine_download, name="mine_download"),
    path("mine/corrections/new/", own.mine_correct, name="mine_correct"),
    path("own/", own.own_open, name="own_open"),
    path("own/page/", own.own_page, name="own_page"),
    path("own/close/", own.own_close, name="own_close"),
    path("own/download/", own.own_download, name="own_download"),
    path("own/corrections/new/", own.own_correct, name="own_correct"),
    path("own/cases/<uuid:case_id>/", own.own_case, name="own_case"),
    path("own/cases/<uuid:case_id>/<slug:document>.pdf", own.own_paper, name="own_paper"),
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
