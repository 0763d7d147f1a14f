"""A document with a published version, and kinds of rule for tests."""

from __future__ import annotations

import datetime as dt

import pytest

from qizhi.core.permissions import system
from qizhi.core.tests.standing import left_standing
from qizhi.regulations.enums import Verdict
from qizhi.regulations.kinds import Judgement, Kind, Parameter, ParameterType, base
from qizhi.regulations.models import Version
from qizhi.regulations.services import (
    add_clause,
    add_regulation,
    add_version,
    load_national_calendar,
    load_national_regulations,
    publish_version,
)
from qizhi.regulations.services.proposals import take_proposals
from qizhi.regulations.tests.planted import LATE, OF, PlantedLate

YEARS = range(2015, 2020)  # in which the stories of these tests play


@pytest.fixture
def make_regulation(cast):
    """Adds a document with a version in force from a day on; returns the document."""

    def make(
        code="rule-1",
        *,
        title="机关学习制度",
        doc_no="局党发〔2017〕3号",
        start=dt.date(2017, 1, 1),
        end=None,
    ):
        by = system(cast.bureau.pk)
        values = {"code": code, "title": title, "doc_no": doc_no, "issuer": "机关党委", "level": "bureau"}
        regulation = add_regulation(values=values, by=by)
        version = add_version(
            regulation=regulation,
            values={"label": "首版", "effective_from": start, "effective_to": end},
            by=by,
        )
        add_clause(
            version=version,
            values={"key": f"{code}-1", "number": "第一条", "text": "每季度组织一次学习。"},
            by=by,
        )
        publish_version(version=version, by=by)
        return regulation

    return make


@pytest.fixture
def published(make_regulation):
    """A version in force since 2017."""
    return Version.objects.get(regulation=make_regulation())


@left_standing
def national(cast):
    """The bureau with the papers and documents that come with the product."""
    by = system(cast.bureau.pk)
    load_national_calendar(cast.bureau, by=by, years=YEARS)
    load_national_regulations(cast.bureau, by=by)
    return cast.bureau


@left_standing
def every_year(national):
    """The same with the papers of all years."""
    load_national_calendar(national, by=system(national.pk))
    return national


@pytest.fixture
def clause(cast, monkeypatch):
    """In force since 2017: more than two days late costs a point."""
    monkeypatch.setitem(base._kinds, PlantedLate.key, PlantedLate())
    LATE.clear()
    OF.clear()
    by = system(cast.bureau.pk)
    regulation = add_regulation(
        values={"code": "late", "title": "逾期办法", "doc_no": "", "issuer": "局", "level": "bureau"}, by=by
    )
    version = add_version(
        regulation=regulation, values={"label": "试行", "effective_from": dt.date(2017, 1, 1)}, by=by
    )
    made = add_clause(
        version=version,
        values={
            "key": "L-1",
            "number": "第一条",
            "text": "逾期2天以上，每件扣1分。",
            "kind": "planted_late",
            "parameters": {"grace": 2},
            "points": -1,
        },
        by=by,
    )
    take_proposals(version=version, by=by)
    publish_version(version=version, by=by)
    yield made
    LATE.clear()
    OF.clear()


class Deadline(Kind[int]):
    """A kind for tests: working days late."""

    key = "test_deadline"
    label = "测试期限"
    parameters = (
        Parameter("grace_days", "宽限工作日", ParameterType.INTEGER, minimum=1),
        Parameter("share", "比例", ParameterType.FRACTION, is_required=False, default="1/3"),
        Parameter("is_strict", "严格", ParameterType.FLAG, is_required=False, default=False),
        Parameter(
            "every",
            "周期",
            ParameterType.CHOICE,
            is_required=False,
            choices=(("month", "每月"), ("year", "每年")),
        ),
        Parameter("day", "日期", ParameterType.DUE_RULE, is_required=False),
    )

    def scan(self, clause, ask):
        return [3]

    def judge(self, parameters, fact):
        verdict = Verdict.VIOLATED if fact > parameters["grace_days"] else Verdict.MET
        return Judgement(
            verdict, f"不超过{parameters['grace_days']}个工作日", f"{fact}个工作日", {"late": fact}
        )

    def try_case(self, key, clauses, given):
        raise NotImplementedError

    def sentence(self, clause, fact, judgement):
        return f"{clause.source}要求{judgement.required}，实际{judgement.actual}。"


@pytest.fixture
def deadline(monkeypatch):
    """The kind, known for the length of a test."""
    kind = Deadline()
    monkeypatch.setitem(base._kinds, kind.key, kind)
    return kind


@pytest.fixture
def second(cast):
    """Somebody else than `by`, who publishes what `by` has written."""
    return cast.actor("leader")
