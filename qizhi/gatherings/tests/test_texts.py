"""Votes are judged by the bureau's own clauses, by the version in force on the day of the vote."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest

from qizhi.core.permissions import system
from qizhi.gatherings.queries.texts import texts_of
from qizhi.gatherings.rules import TEXTS, Vote, judge_vote, judge_within, needed
from qizhi.gatherings.services import ResolutionFact
from qizhi.regulations.enums import VersionStatus
from qizhi.regulations.models import Clause, Regulation, Version
from qizhi.regulations.services import load_national_regulations

D = dt.date


@pytest.fixture
def national(cast):
    load_national_regulations(cast.bureau, by=system(cast.bureau.pk))


@pytest.fixture
def own(cast):
    """Two thirds from 2017 on, three quarters from 11 January 2018 on."""
    regulation = Regulation.objects.create(bureau=cast.bureau, code="own", title="议事规则", issuer="本局")

    def version(label, from_on, to_on, **parameters):
        made = Version.objects.create(
            bureau=cast.bureau,
            regulation=regulation,
            label=label,
            effective_from=from_on,
            effective_to=to_on,
            loaded_from="例",
        )
        Clause.objects.create(
            bureau=cast.bureau, version=made, key="V-1", text="条文", kind="vote", parameters=parameters
        )
        made.status = VersionStatus.PUBLISHED
        made.save()

    asked = {"threshold": "ordinary", "majority_of": "due"}
    version("首版", D(2017, 1, 1), D(2018, 1, 10), quorum="2/3", majority="1/2", **asked)
    version("修订", D(2018, 1, 11), None, quorum="3/4", majority="2/3", is_over=True, **asked)


def test_without_clauses_the_texts_that_come_along_are_used(cast):
    assert texts_of(cast.bureau.pk) == TEXTS


def test_the_national_clauses_say_the_same_as_the_texts_that_come_along(cast, national):
    found = texts_of(cast.bureau.pk)
    asks = ("from_on", "quorum", "is_over", "majority", "of_present", "has_written")
    for threshold, texts in TEXTS.items():
        assert [[getattr(one, name) for name in asks] for one in found[threshold]] == [
            [getattr(one, name) for name in asks] for one in texts
        ]


def test_an_election_is_judged_by_the_version_of_its_day(cast, national):
    texts, vote = texts_of(cast.bureau.pk), Vote("election", 10, 8, 5)
    old, new = (judge_vote(vote, day, texts) for day in (D(2020, 7, 12), D(2020, 7, 13)))
    assert (old.is_void, new.is_void) == (True, False)
    assert "没有超过五分之四" in old.sentence
    assert "（1990年暂行）" in old.basis
    assert "（2020年）" in new.basis
    assert not judge_within(vote, D(2020, 7, 1), D(2020, 7, 31), texts).is_known


def test_an_edited_clause_is_read_by_the_page_from_its_day_on(cast, own, held):
    texts = texts_of(cast.bureau.pk)
    assert [text.quorum for text in texts["ordinary"]] == [Fraction(2, 3), Fraction(3, 4)]
    vote = ResolutionFact("评优", 8, 6, 5)
    row = held("congress", resolutions=(vote,))  # on 12 January
    page = cast.client("secretary").get(row.get_absolute_url()).content.decode()
    assert "没有超过四分之三" in page
    assert "《议事规则》（修订）" in page
    assert needed("ordinary", 8, D(2018, 1, 10), texts).present == 6
    assert needed("ordinary", 8, D(2018, 1, 11), texts).present == 7
    assert needed("ordinary", 8, D(2018, 1, 11), texts).yes == 6


def test_a_clause_that_names_no_shares_is_as_the_text_of_its_day(cast):
    regulation = Regulation.objects.create(bureau=cast.bureau, code="old", title="旧规则", issuer="本局")
    version = Version.objects.create(
        bureau=cast.bureau, regulation=regulation, effective_from=D(2015, 1, 1), loaded_from="例"
    )
    parameters = {"threshold": "election"}
    Clause.objects.create(
        bureau=cast.bureau, version=version, key="E", text="条文", kind="vote", parameters=parameters
    )
    version.status = VersionStatus.PUBLISHED
    version.save()
    (text,) = texts_of(cast.bureau.pk)["election"]
    assert (text.quorum, text.is_over, text.of_present) == (Fraction(4, 5), True, True)
