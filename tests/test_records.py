"""Every table that clauses read is told to those who say that a run is older than its records."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.apps import apps
from django.db import connection

from qizhi.core import clock, periods
from qizhi.core.figures import Ask
from qizhi.gatherings.models import Kind
from qizhi.gatherings.services import load_standard_kinds
from qizhi.gatherings.services.settings import KIND_FIELDS, save_kind
from qizhi.org.models import JointUnit, Membership, Post, TemporaryBranch, Unit
from qizhi.org.services.aspects import correct_aspect, remove_aspect
from qizhi.org.services.closing import close_unit
from qizhi.org.services.people import correct_person
from qizhi.org.services.rows import remove_row
from qizhi.org.services.units import rename_unit
from qizhi.regulations.kinds import all_kinds, all_records
from qizhi.regulations.models import Clause
from qizhi.regulations.services import months_behind, run_clauses
from qizhi.regulations.services.comparing import find
from qizhi.regulations.services.yaml_files import read_yaml
from tests.test_cases import FILES

pytestmark = pytest.mark.django_db
READ = re.compile(r'(?:FROM|JOIN) "(\w+)"')
NO_RECORDS = {
    "regulations.clause": "what is asked: who publishes a version reads which months it judges anew",
    "regulations.version": "as clauses",
    "regulations.regulation": "as clauses",
    "regulations.finding": "what a run has found",
    "regulations.periodclose": "which months are settled",
    "conduct.case": "who is cleared of something is cleared of its finding in the same step",
}
"""Tables that a run reads and that hold no records, and why."""


def test_every_table_that_clauses_read_is_among_the_records(cast, things):
    clauses = [*Clause.objects.filter(bureau=cast.bureau).exclude(kind="").select_related("version")]
    version = clauses[0].version
    for path in FILES:
        for entry in (
            clause
            for one in read_yaml(path).get("版本", ())
            for clause in one.get("条款", ())
            if "判定" in clause
        ):
            words = {"subject": entry.get("对象", "branch"), "parameters": entry.get("参数", {})}
            clauses.append(Clause(version=version, key=entry["代码"], kind=entry["判定"], **words))
    assert {one.key for one in all_kinds()} <= {clause.kind for clause in clauses}
    tables: set[str] = set()

    def hear(execute, sql, params, many, context):
        tables.update(READ.findall(sql))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(hear):
        for clause in clauses:
            for span in (periods.year(2017), periods.year(2018)):
                list(find(clause, Ask(cast.bureau.pk, span, dt.date(2018, 12, 31))))
    labels = {model._meta.db_table: model._meta.label_lower for model in apps.get_models()}
    read = {labels.get(table, table) for table in tables}
    known = {*all_records(), *(part for one in all_records().values() for part in one.parts)}
    assert read - known - NO_RECORDS.keys() == set()
    assert {"org.unit", "org.temporarybranch", "org.jointunit", "publishing.complaint"} <= read


JANUARY = periods.month_of(dt.date(2018, 1, 1))


@pytest.fixture
def said(cast):
    """After a run of January: which records of it are said to be newer."""
    by = cast.actor("inspector")
    run_clauses(bureau_id=cast.bureau.pk, span=JANUARY, as_of=dt.date(2018, 1, 15), by=by)

    def say():
        return [one.said for one in months_behind(cast.bureau.pk).months]

    assert say() == []
    with clock.at(dt.date(2018, 1, 16)):
        yield say


@pytest.fixture
def aspects(cast):
    make = {"bureau": cast.bureau, "unit": cast.first, "from_on": dt.date(2017, 1, 1)}
    covered = Unit.objects.filter(bureau=cast.bureau, kind="department").first()
    return [TemporaryBranch.objects.create(**make), JointUnit.objects.create(**make, covered=covered)]


@pytest.mark.parametrize(("place", "words"), [(0, "临时党支部1条"), (1, "覆盖单位1条")])
def test_a_row_of_a_branch_that_ends_inside_the_month_makes_the_run_old(cast, aspects, said, place, words):
    correct_aspect(aspects[place], to_on=dt.date(2018, 2, 28), by=cast.actor("officer"))
    assert said() == [], "an end after the month changes nothing of it"
    correct_aspect(aspects[place], to_on=dt.date(2018, 1, 10), by=cast.actor("officer"))
    assert said() == [words]


@pytest.mark.parametrize(("place", "words"), [(0, "临时党支部1条"), (1, "覆盖单位1条")])
def test_a_row_of_a_branch_that_goes_makes_the_run_old(cast, aspects, said, place, words):
    remove_aspect(aspects[place], because="重复登记", by=cast.actor("officer"))
    assert said() == [words]


def test_a_row_about_a_person_that_goes_makes_the_run_old(cast, said):
    post = Post.objects.filter(bureau=cast.bureau, person=cast.person("member")).first()
    row = post or Membership.objects.filter(bureau=cast.bureau, person=cast.person("member")).first()
    remove_row(row, because="重复登记", by=cast.actor("personnel"))
    assert said() == [f"{row._meta.verbose_name}1条"]


def test_who_entered_when_and_what_a_kind_counts_for_makes_the_run_old_and_a_name_does_not(cast, said):
    person, officer = cast.person("member"), cast.actor("officer")
    keep = {"staff_no": person.staff_no, "name": "改名"}
    load_standard_kinds(cast.bureau, by=officer)
    correct_person(person, values=keep, by=cast.actor("personnel"))
    assert said() == []
    correct_person(person, values=keep | {"entered_on": dt.date(2016, 1, 1)}, by=cast.actor("personnel"))
    assert said() == ["人员1条"]
    kind = Kind.objects.get(bureau=cast.bureau, key="lesson")
    values = {name: getattr(kind, name) for name in KIND_FIELDS}
    save_kind(kind=kind, values=values | {"name": "党课学习"}, by=officer)
    assert said() == ["人员1条"]
    save_kind(kind=kind, values=values | {"ledgers": ["lesson", "campaign"]}, by=officer)
    assert said() == ["活动类型1条、人员1条"]


def test_a_branch_that_is_dissolved_makes_old_what_was_judged_after_its_last_day(cast, said):
    same = {"from_on": cast.second.from_on, "by": cast.actor("officer")}
    rename_unit(cast.second, name="改名支部", short_name="改名", **same)
    assert said() == []
    unit = Unit.objects.create(
        bureau=cast.bureau,
        kind="branch",
        code="z99",
        name="空支部",
        parent=cast.first.parent,
        from_on=dt.date(2015, 1, 1),
    )
    close_unit(unit, last_day=dt.date(2018, 1, 5), successor=None, by=cast.actor("officer"))
    assert said() == ["组织1条"]
