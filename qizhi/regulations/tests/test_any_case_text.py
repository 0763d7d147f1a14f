"""Nothing that somebody types as a case answers 500: not when it is saved, shown or published."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qizhi.core.tests.standing import left_standing
from qizhi.regulations.models import Clause, ClauseCase
from qizhi.regulations.services import clone_version, load_national_regulations

CASE = "- {{名称: {name}, 给定: {{期间: {period}, 活动: {held}}}, 结果: {result}, 含: {words}}}"
GOOD = {
    "name": "一例",
    "period": "2020-Q1",
    "held": "[2020-03-01]",
    "result": "符合",
    "words": "已开展",
}
JUNK = (
    *("", "~", "1", "-1", "1.5", ".nan", "-.inf", "yes", "9" * 30, "9" * 5000, "!!binary eA==", "!!set {a}"),
    *(
        "[]",
        "[[a]]",
        "[~]",
        "{}",
        "{a: {b: [c]}}",
        "&a [*a]",
        "'\"'",
        '"\\0"',
        '"\\uD83D"',
        "'<b>'",
        "😀",
        "*b",
    ),
    *("乱", "2018-02-30", "0001-01-01", "9999-12-31", "2020-Q1", "[2020-01-01]", "[2020-01-01 a]", "符合"),
    *("{2020-Q1: 符合}", "长" * 200, "[" * 40, "2020-Q1\n  乱: 1", "{? [a] : b}", "!!python/name:os.system"),
)


@left_standing
def draft(cast):
    """A clause in a draft, whose page and publication a person opens."""
    by = cast.actor("officer")
    load_national_regulations(cast.bureau, by=by)
    current = Clause.objects.select_related("version").get(bureau=cast.bureau, key="BR-01")
    day = dt.date(2020, 1, 1)
    version = clone_version(version=current.version, label="修订", effective_from=day, by=by)
    return version.clauses.get(key="BR-01")


def _open(cast, draft):
    for name, key in (("clause_cases", draft.pk), ("clause_cases_edit", draft.pk)):
        assert cast.client("officer").get(reverse(f"regulations:{name}", args=[key])).status_code == 200
    address = reverse("regulations:version_publish", args=[draft.version_id])
    assert cast.client("inspector").get(address).status_code == 200


@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(parts=st.tuples(*(st.sampled_from((*[good] * 3, *JUNK)) for good in GOOD.values())))
def test_whatever_is_typed_is_refused_or_saved_and_shown(cast, draft, parts):
    _post(cast, draft, CASE.format(**dict(zip(GOOD, parts, strict=True))))


@pytest.mark.once
@pytest.mark.parametrize("part", GOOD)
def test_one_slip_in_a_good_case_is_refused_or_saved_and_shown(cast, draft, part):
    for junk in JUNK:
        _post(cast, draft, CASE.format(**{**GOOD, part: junk}))


def _post(cast, draft, text):
    address = reverse("regulations:clause_cases_edit", args=[draft.pk])
    answer = cast.client("officer").post(address, {"text": text})
    assert answer.status_code in {302, 422}, text
    if answer.status_code == 302:
        _open(cast, draft)


@pytest.mark.parametrize(
    "broken",
    [
        {"contains": [["a"]]},
        {"given": []},
        {"given": {"期间": ["2020"]}},
        {"expected": ["符合"]},
        {"expected": {"2020-Q1": ["符合"]}},
        {"name": ""},
    ],
)
def test_what_was_saved_broken_is_shown_with_what_is_wrong(cast, draft, broken):
    """Rows of an earlier release, or of an import."""
    good = {"name": "一例", "given": {"期间": "2020-Q1"}, "expected": "提醒", "contains": []}
    draft.cases.all().delete()
    ClauseCase.objects.create(bureau=cast.bureau, clause=draft, position=1, **{**good, **broken})
    _open(cast, draft)
    page = cast.client("officer").get(reverse("regulations:clause_cases", args=[draft.pk])).content.decode()
    assert "1</strong> 个不符" in page
    answer = cast.client("inspector").post(reverse("regulations:version_publish", args=[draft.version_id]))
    assert answer.status_code == 422
    assert "BR-01" in answer.content.decode()
