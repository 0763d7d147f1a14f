"""The register of documents of the sample: the worked example of the source, and what it leaves to see."""

from __future__ import annotations

import datetime as dt

import pytest

from qizhi.core import clock, figures
from qizhi.core.figures import Ask
from qizhi.core.periods import month_of
from qizhi.regulations.models import Clause
from qizhi.regulations.services.comparing import find
from qizhi.reports.models import IssuedOverview
from qizhi.sample.tests.whole.conftest import UNTIL
from qizhi.tasks.models import Document, Extension, Handling

pytestmark = pytest.mark.django_db
FEBRUARY = month_of(dt.date(2018, 2, 1))


def test_the_worked_example_is_found_and_its_neighbour_is_not(sample):
    clause = Clause.objects.select_related("version__regulation").get(
        bureau=sample, key="MV-2", version__status="published"
    )
    found = [one for one in find(clause, Ask(sample.pk, FEBRUARY, UNTIL)) if "2018〕11" in one.sentence]
    assert len(found) == 1
    assert (
        "期限2018年2月8日，2018年2月12日办结，逾期3个工作日（2月9日、2月11日、2月12日）" in found[0].sentence
    )
    assert found[0].points == -1


def test_there_is_something_of_everything(sample):
    documents = Document.objects.filter(bureau=sample)
    assert documents.filter(received_on__year=2017).count() > 60
    assert documents.open().exists()
    assert Extension.objects.filter(bureau=sample, state="approved").exists()
    assert Handling.objects.filter(bureau=sample, to_on__isnull=False).exists()
    late = figures.get("tasks.documents_late").value(Ask(sample.pk, FEBRUARY, UNTIL))
    assert late.amount is not None
    assert late.amount >= 1


def test_who_decided_is_never_who_had_the_document(sample):
    for one in Extension.objects.filter(bureau=sample, decided_by__isnull=False):
        assert one.decided_by_id != one.asked_by_id
        assert one.decided_on is not None
        assert one.asked_on <= one.decided_on


def test_the_overview_of_the_last_year_was_issued_in_january(sample):
    issued = IssuedOverview.objects.get(bureau=sample)
    assert (issued.doc_no, issued.year) == (f"{sample.doc_prefix}〔2018〕1号", 2017)
    assert (issued.as_of, issued.issued_on) == (dt.date(2017, 12, 31), dt.date(2018, 1, 12))
    assert len(issued.content["numbers"]) > 30
    assert issued.content["typed_numbers"] == []
    assert clock.local_date(issued.issued_at) == issued.issued_on
