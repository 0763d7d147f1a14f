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
from qizhi.core import figures
from tests.test_house import ROOT, _patterns

# Each word with what it would be; FB-01 to FB-09 of the rules.
FORBIDDEN = re.compile(
    r"check_?in|checkin|sign_?in_|attendance_photo|geo_?loc|latitude|longitude|gps|ranking|rank_no|leader_?board"
    r"|login_?(rate|count)|online_?(time|duration|minutes)|duration_online|likes?_count|is_liked|thumb|scroll_?time"
    r"|usage_?stat|page_?views|photo|last_(login|seen|active)|(login|visit|view|click|share)_?counts?"
    r"|dwell|heart_?beat|stay_?(time|seconds)|badge|medal|credits?_earned|streak_days|device_position|altitude"
)
FORBIDDEN_ZH = re.compile(
    "签到|打卡|排行榜|排名|名次|点赞|在线时长|在线人数|登录率|登录次数|使用率|活跃度|定位|日活|浏览量|阅读量|转发量|积分榜"
)
# What a browser would need to find out where, or for how long, somebody is.
FORBIDDEN_JS = re.compile(
    r"geolocation|getUserMedia|mediaDevices|sendBeacon|IntersectionObserver|requestIdle|performance\.now|WebSocket"
    r"|EventSource|setInterval|wakeLock|DeviceMotion|Notification\("
)
WRITES = re.compile(r"\b(view|open|read|visit|log_?in|click|download)(ed|s)?\b")
# The forms whose very purpose is a file that somebody chose to hand in.
FILE_PAGES = {"UploadForm.file", "RestoreForm.archive", "AttachForm.attachments"}


def test_no_table_or_column_for_what_is_forbidden(db, tell):
    names = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            names += [
                f"{table}.{column.name}"
                for column in connection.introspection.get_table_description(cursor, table)
            ]
    assert len(names) > 150
    assert [name for name in names if FORBIDDEN.search(name)] == []
    tell("G5", f"nothing forbidden in {len(names)} columns")


def test_no_route_for_what_is_forbidden(tell):
    routes = [f"{route} {entry.name}" for route, entry in _patterns(get_resolver())]
    assert len(routes) > 50
    assert [route for route in routes if FORBIDDEN.search(route)] == []
    tell("G5", f"nothing forbidden in {len(routes)} routes")


def test_no_page_speaks_of_what_is_forbidden(tell):
    guilty, pages = [], [*(ROOT / "qizhi").rglob("templates/**/*.html")]
    for path in pages:
        text = path.read_text(encoding="utf-8")
        if FORBIDDEN_ZH.search(text) or FORBIDDEN_JS.search(text) or "capture=" in text:
            guilty.append(str(path.relative_to(ROOT)))
    assert len(pages) > 100
    assert guilty == []
    tell("G5", f"nothing forbidden in {len(pages)} templates")


def test_no_column_form_or_figure_is_named_by_what_is_forbidden(tell):
    words = [str(model._meta.verbose_name) for model in apps.get_models()]
    for model in apps.get_models():
        for field in model._meta.get_fields():
            words += [str(getattr(field, "verbose_name", "")), str(getattr(field, "help_text", ""))]
            words += [f"{value} {label}" for value, label in getattr(field, "choices", None) or ()]
    for form in _own_forms():
        for name, field in form.base_fields.items():
            words += [name, str(field.label), str(field.help_text)]
    words += [f"{figure.key} {figure.label} {figure.definition}" for figure in figures.all_figures()]
    assert len(words) > 500
    assert [word for word in words if FORBIDDEN.search(word) or FORBIDDEN_ZH.search(word)] == []
    tell("G5", f"nothing forbidden in {len(words)} names of columns, fields, choices and figures")


def test_nothing_in_the_browser_measures_or_locates_anybody(tell):
    sources = [*(ROOT / "frontend").rglob("*.js")]
    assert len(sources) > 10
    assert [str(path) for path in sources if FORBIDDEN_JS.search(path.read_text(encoding="utf-8"))] == []
    tell("G5", f"nothing forbidden in {len(sources)} scripts of the browser")


def test_the_log_knows_changes_only_never_who_looked(tell):
    sources = [path for path in (ROOT / "qizhi").rglob("*.py") if "/tests/" not in str(path)]
    verbs = {
        verb
        for path in sources
        for verb in re.findall(r'audit\.record(?:_many)?\(\s*f?"([^"]+)"', path.read_text(encoding="utf-8"))
    }
    assert len(verbs) > 25
    assert [verb for verb in verbs if WRITES.search(verb.rpartition(".")[2].replace("_", " "))] == []
    tell("G5", f"none of {len(verbs)} verbs of the log is looking")


def test_no_form_requires_a_file(tell):
    forms_of_ours = [*_own_forms()]
    required = {
        f"{form.__name__}.{name}"
        for form in forms_of_ours
        for name, field in form.base_fields.items()
        if isinstance(field, forms.FileField) and field.required
    }
    assert required <= FILE_PAGES
    tell(
        "G6",
        f"{len(forms_of_ours)} forms, a file is required only where it is the purpose: {', '.join(sorted(required))}",
    )


def test_no_page_requires_a_file():
    guilty = []
    for path in (ROOT / "qizhi").rglob("templates/**/*.html"):
        for tag in re.findall(r"<input[^>]*type=.file[^>]*>", path.read_text(encoding="utf-8")):
            guilty += [f"{path.name}: {tag}"] if "required" in tag or 'accept="image' in tag else []
    assert guilty == []


def test_a_member_is_kept_in_sixteen_fields_at_most():
    org = apps.get_app_config("org")
    counted = 0
    for name in ("person", "membership"):
        model = org.get_model(name)
        skipped = {"id", "bureau", "person"}
        counted += sum(field.name not in skipped for field in model._meta.concrete_fields)
    assert counted <= 16


def _own_forms():
    """Every form class of ours, wherever it stands; not those that tests make up."""
    for module in pkgutil.walk_packages(qizhi.__path__, "qizhi."):
        if re.search(r"\.(forms|views)(\.|$)", module.name) and ".tests" not in module.name:
            importlib.import_module(module.name)
    ours = [form for form in _all_forms(forms.BaseForm) if form.__module__.startswith("qizhi.")]
    found = {form for form in ours if ".tests." not in form.__module__}
    return sorted(
        (form for form in found if hasattr(form, "base_fields")), key=lambda form: form.__qualname__
    )


def _all_forms(base):
    for form in base.__subclasses__():
        yield form
        yield from _all_forms(form)
