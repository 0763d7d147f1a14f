"""The library of the sample bureau: twelve documents of its own, found under every name they have been given."""

from __future__ import annotations

import datetime as dt

import pytest

from qizhi.regulations.models import IndexEntry, Regulation, Version
from qizhi.regulations.queries import calendar_for, named, passages

pytestmark = pytest.mark.django_db
ON = dt.date(2018, 1, 31)


def test_the_twelve_documents_of_the_bureau_are_in_force_and_found(sample):
    own = Regulation.objects.filter(bureau=sample, level="bureau")
    assert own.count() == 12
    assert Version.objects.in_force(ON).filter(regulation__in=own).count() == 12
    assert IndexEntry.objects.filter(bureau=sample).exists()
    for regulation in own.prefetch_related("aliases"):
        for name in (regulation.title, regulation.doc_no, *(one.name for one in regulation.aliases.all())):
            assert regulation in named(sample.pk, name), name


@pytest.mark.parametrize(
    "words", ["示例验检疫局微违规行为考核管理办法", "微违规办法", "wwgxwkhglbf", "weiweigui kaohe"]
)
def test_the_misprinted_title_and_the_short_one_lead_to_the_measures(sample, words):
    assert named(sample.pk, words).get().code == "micro-violations"


def test_a_clause_is_found_by_its_words(sample):
    found = passages(sample.pk, "逾期 2个工作日 扣办理人", on=ON)
    assert found[0].clause is not None
    assert found[0].regulation.code == "micro-violations"


def test_a_day_was_moved_and_moved_back(sample):
    amended = dict(calendar_for(sample.pk).amended(2018))
    assert [paper.doc_no for paper, _ in amended[dt.date(2018, 5, 7)]] == [
        "示检办〔2018〕3号",
        "示检办〔2018〕11号",
    ]
    assert calendar_for(sample.pk).is_working_day(dt.date(2018, 5, 7))


def test_a_draft_waits_for_a_second_person(sample):
    assert Version.objects.get(bureau=sample, status="draft").regulation.code == "contact-audit"
