"""A version that begins in the past: which months and cases it touches stands there before it is published."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from qizhi.core import clock
from qizhi.core.periods import Period
from qizhi.regulations.services import clone_version, close_period, run_clauses

D = dt.date


@pytest.fixture
def draft(cast, rules, story):
    """A revision from New Year on; January was judged, and a case of January quotes the version before."""
    case = story.drafted()
    by = cast.actor("officer")
    with clock.at(D(2018, 3, 5)):
        span = Period(D(2018, 1, 1), D(2018, 2, 28))
        run_clauses(bureau_id=cast.bureau.pk, span=span, as_of=D(2018, 3, 5), by=by)
        close_period(bureau_id=cast.bureau.pk, span=Period(D(2018, 1, 1), D(2018, 1, 31)), by=by)
        made = clone_version(version=rules["MV-9"].version, label="修订", effective_from=D(2018, 1, 2), by=by)
    return made, case


def page_of(cast, draft):
    return cast.client("inspector").get(reverse("regulations:version_publish", args=[draft.pk]))


def test_months_and_cases_are_told_with_links(cast, draft):
    version, case = draft
    with clock.at(D(2018, 3, 5)):
        page = page_of(cast, version).content.decode()
    assert "重新判定：2018年2月。" in page
    assert "只提出变更建议的：2018年1月。" in page
    assert f'<a href="{case.get_absolute_url()}">{case}' in page
    assert "?start=2018-01&amp;end=2018-02&amp;as_of=2018-03-05" in page


def test_a_version_of_the_future_says_nothing(cast, draft):
    version, _ = draft
    with clock.at(D(2017, 12, 1)):
        assert "施行日期在今天以前" not in page_of(cast, version).content.decode()
