"""What we ask of each other and a machine can check: floors of keys, budgets, declarations, words."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, resolve, reverse
from pypinyin import Style, lazy_pinyin, pinyin

from qizhi.web.queries.pages import PAGES, _sounds
from qzlib.checks import BROWSER_TESTS

ROOT = Path(__file__).resolve().parents[1]
FLOORS = (
    ("core",),
    ("org",),
    ("regulations",),
    ("gatherings", "tasks", "publishing"),
    ("study", "branch_life", "conduct", "culture"),
    ("reports",),
    ("web", "sample"),
)
FLOOR = {app: number for number, floor in enumerate(FLOORS) for app in floor}
OURS = [config for config in apps.get_app_configs() if config.name.startswith("qizhi.")]
HAN = re.compile("[\u4e00-\u9fff]")
# Steps, files and pages that lead elsewhere; each says why it is nothing to be looked for.
NOT_LOOKED_FOR = {
    "conduct:cases_finalize": "a step of the list of cases",
    "gatherings:blank_roll_sheet": "only of a unit: the form leads to it",
    "gatherings:blank_tally_sheet": "only of a unit: the form leads to it",
    "reports:template_check": "a fragment",
    "web:components": "for those who build pages",
    "web:log_out": "a step",
    "web:mine_download": "a file",
    "web:search": "where one is",
}


def _python(*, has_tests: bool) -> list[Path]:
    files = [path for path in (ROOT / "qizhi").rglob("*.py") if "migrations" not in path.parts]
    return [path for path in files if ("tests" in path.parts) is has_tests]


def _patterns(resolver=None, prefix=""):
    for entry in (resolver or get_resolver()).url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _patterns(entry, route)
        elif isinstance(entry, URLPattern):
            yield route, entry


def test_what_drives_a_browser_stands_where_it_is_looked_for():
    """`qz.py test` reads only that folder for them: to read all others takes each worker a long time."""
    files = [path for folder in ("qizhi", "tests") for path in (ROOT / folder).rglob("test_*.py")]
    marked = {path for path in files if _drives(path)}
    assert marked
    assert {path.parent for path in marked} == {ROOT / BROWSER_TESTS}


def _drives(path):
    return path != Path(__file__) and "pytest.mark.browser" in path.read_text(encoding="utf-8")


def test_every_app_has_a_floor():
    assert sorted(config.label for config in OURS) == sorted(FLOOR)


def test_foreign_keys_point_down():
    upward = []
    for model in apps.get_models():
        if not model.__module__.startswith("qizhi."):
            continue
        for field in model._meta.get_fields():
            target = field.related_model if field.concrete else None
            if target is None or target == "self" or not target.__module__.startswith("qizhi."):
                continue
            own, other = model._meta.app_label, target._meta.app_label
            if own != other and FLOOR[other] >= FLOOR[own]:
                upward.append(f"{model._meta.label}.{field.name} → {target._meta.label}")
    assert upward == []


def test_every_field_has_a_chinese_name():
    unnamed = [
        f"{model._meta.label}.{field.name}"
        for config in OURS
        for model in config.get_models()
        for field in model._meta.concrete_fields
        if not HAN.search(str(field.verbose_name))
    ]
    assert unnamed == []


def test_domain_rows_belong_to_a_bureau_and_so_do_their_unique_keys():
    loose = []
    for config in OURS:
        if config.label == "core":
            continue
        for model in config.get_models():
            names = {field.name for field in model._meta.concrete_fields}
            if "bureau" not in names and model._meta.label != "org.Bureau":
                loose.append(model._meta.label)
            loose += [
                f"{model._meta.label}: {rule.name}"
                for rule in model._meta.constraints
                if isinstance(rule, models.UniqueConstraint) and "bureau" not in rule.fields
            ]
    assert loose == []


def test_every_view_says_who_may_ask_and_whether_it_writes():
    silent = [
        route
        for route, entry in _patterns()
        if entry.callback.__module__.startswith("qizhi.") and not hasattr(entry.callback, "access")
    ]
    assert silent == []


def test_paths_are_kebab_case_and_named_like_their_views():
    wrong = []
    for route, entry in _patterns():
        fixed = re.sub(r"<[^>]+>", "", route)
        if re.search(r"[A-Z_ ]", fixed):
            wrong.append(route)
        if entry.name != entry.callback.__name__:
            wrong.append(f"{route}: {entry.name} is not {entry.callback.__name__}")
    assert wrong == []


@pytest.mark.parametrize(
    ("budget", "files"),
    [(500, _python(has_tests=False)), (400, _python(has_tests=True))],
    ids=["code", "tests"],
)
def test_files_stay_small(budget, files):
    long = {str(path.relative_to(ROOT)): _lines(path) for path in files if _lines(path) > budget}
    assert long == {}


def test_nearly_all_files_are_smaller_still():
    sizes = [_lines(path) for path in _python(has_tests=False)]
    assert sum(size <= 350 for size in sizes) >= 0.95 * len(sizes)


def test_templates_stay_small():
    long = {
        str(path.relative_to(ROOT)): _lines(path)
        for path in (ROOT / "qizhi").rglob("templates/**/*.html")
        if _lines(path) > 150
    }
    assert long == {}


def test_functions_and_views_stay_small():
    long = []
    for path in _python(has_tests=False):
        budget = 40 if "views" in path.parts or path.name == "views.py" else 45
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > budget:
                    long.append(f"{path.relative_to(ROOT)}:{node.name} {length}")
    assert long == []


def test_public_inner_code_explains_itself():
    silent = []
    for path in _python(has_tests=False):
        inner = {"rules", "figures", "kinds", "services", "gateways"} & {*path.parts, path.stem}
        if not inner and "core" not in path.parts:
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in tree.body:
            is_public = isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
            if is_public and not ast.get_docstring(node):
                silent.append(f"{path.relative_to(ROOT)}:{node.name}")
    assert silent == []


def test_views_do_no_saving():
    saving = [
        str(path.relative_to(ROOT))
        for path in _python(has_tests=False)
        if ("views" in path.parts or path.name == "views.py")
        and re.search(
            r"\.save\(|\.objects\.create\(|\.delete\(\)|bulk_create", path.read_text(encoding="utf-8")
        )
    ]
    assert saving == []


def test_comments_and_names_are_english():
    chinese = []
    for path in _python(has_tests=False):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            comment = re.search(r"(?:^|\s)#\s.*$", line)
            text = comment.group() if comment else ""
            if len(HAN.findall(text)) > len(re.findall("[A-Za-z]", text)):
                chinese.append(f"{path.relative_to(ROOT)}:{number}")
    assert chinese == []


def _lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def test_every_page_without_rows_in_its_address_can_be_looked_for():
    known = {page.view for page in PAGES} | set(NOT_LOOKED_FOR)
    missing = [name for name in _names() if name not in known]
    assert missing == [], "name it in qizhi/web/queries/pages.py, or say here why nobody looks for it"


def _names(resolver=None, prefix=""):
    for one in (resolver or get_resolver()).url_patterns:
        if not isinstance(one, URLPattern):
            yield from _names(one, f"{one.namespace}:" if one.namespace else prefix)
            continue
        name = f"{prefix}{one.name}"
        try:
            access = vars(resolve(reverse(name)).func)["access"]
        except (NoReverseMatch, KeyError):
            continue
        if not access.is_public:
            yield name


def test_every_name_has_its_sound():
    """Made by `pypinyin`; where it reads a name wrongly, the file says it rightly."""
    known = _sounds()
    names = {name for page in PAGES for name in page.names}
    lacking = [" ".join([name, *lazy_pinyin(name)]) for name in sorted(names) if name not in known]
    assert lacking == [], "lines that qizhi/web/data/sounds.txt lacks"
    assert set(known) - names == set(), "lines of data/sounds.txt that no page needs any more"
    for name, sounds in known.items():
        assert re.fullmatch(r"[\u4e00-\u9fff]+", name), name
        possible = [pinyin(one, style=Style.NORMAL, heteronym=True)[0] for one in name]
        assert len(sounds) == len(possible) == len(name), name
        assert all(sound in some for sound, some in zip(sounds, possible, strict=True)), name
