"""G5 and G6: what national rules forbid is absent from schema, routes and templates; no file is required."""

from __future__ import annotations

import importlib
import pkgutil
import re

from django import forms
from django.apps import apps
from django.db import connection
from django.urls import get_resolver

import qizhi
from tests.test_house import ROOT, _patterns

# Each word with what it would be; FB-01 to FB-09 of the rules.
FORBIDDEN = re.compile(
    r"check_?in|checkin|sign_?in_|attendance_photo|geo_?loc|latitude|longitude|gps|ranking|rank_no|leader_?board"
    r"|login_?(rate|count)|online_?(time|duration|minutes)|duration_online|likes?_count|is_liked|thumb|scroll_?time"
    r"|usage_?stat|page_?views|photo"
)
FORBIDDEN_ZH = re.compile("签到打卡|打卡|排行榜|排名|点赞|在线时长|登录率|使用率|活跃度|定位")
# The forms whose very purpose is a file that somebody chose to hand in.
FILE_PAGES = {"UploadForm.file", "RestoreForm.archive", "AttachForm.attachments"}


def test_no_table_or_column_for_what_is_forbidden(db):
    names = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            names += [
                f"{table}.{column.name}"
                for column in connection.introspection.get_table_description(cursor, table)
            ]
    assert len(names) > 150
    assert [name for name in names if FORBIDDEN.search(name)] == []


def test_no_route_for_what_is_forbidden():
    routes = [f"{route} {entry.name}" for route, entry in _patterns(get_resolver())]
    assert len(routes) > 50
    assert [route for route in routes if FORBIDDEN.search(route)] == []


def test_no_page_speaks_of_what_is_forbidden():
    guilty = []
    for path in (ROOT / "qizhi").rglob("templates/**/*.html"):
        text = path.read_text(encoding="utf-8")
        if FORBIDDEN_ZH.search(text) or "geolocation" in text or "capture=" in text:
            guilty.append(str(path.relative_to(ROOT)))
    assert guilty == []


def test_no_form_requires_a_file():
    for module in pkgutil.walk_packages(qizhi.__path__, "qizhi."):
        if re.search(r"\.forms(\.|$)", module.name):
            importlib.import_module(module.name)
    required = {
        f"{form.__name__}.{name}"
        for form in _all_forms(forms.BaseForm)
        if form.__module__.startswith("qizhi.")
        for name, field in getattr(form, "base_fields", {}).items()
        if isinstance(field, forms.FileField) and field.required
    }
    assert required <= FILE_PAGES


def test_a_member_is_kept_in_sixteen_fields_at_most():
    org = apps.get_app_config("org")
    counted = 0
    for name in ("person", "membership"):
        model = org.get_model(name)
        skipped = {"id", "bureau", "person"}
        counted += sum(field.name not in skipped for field in model._meta.concrete_fields)
    assert counted <= 16


def _all_forms(base):
    for form in base.__subclasses__():
        yield form
        yield from _all_forms(form)
