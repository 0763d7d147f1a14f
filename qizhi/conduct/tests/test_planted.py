"""What must stay stays, by whichever way somebody tries: each way of the ORM and of SQL, on the engine at hand.

Every way is tried on an open row first, where it works: a statement that is merely wrong would be refused, too.
"""

from __future__ import annotations

import copy
import datetime as dt
import re
from dataclasses import dataclass
from typing import Any

import pytest
from django.apps import apps
from django.db import Error, connection, transaction
from django.db.models import Model

from qizhi.conduct.enums import Decision
from qizhi.conduct.models import Bulletin, Case, CaseStep, Inspection, Observation, PointsEntry, SampleDraw
from qizhi.conduct.services.appeals import finalize_case
from qizhi.core import clock
from qizhi.core.ids import new_id
from qizhi.core.models import AuditEvent
from qizhi.core.tests.standing import left_standing
from qizhi.org.models import Person, Unit
from qizhi.regulations.models import (
    Clause,
    ClauseCase,
    Exemption,
    Finding,
    IndexEntry,
    Regulation,
    Run,
    Version,
)
from qizhi.regulations.services import clone_version

D = dt.date
# They stand above; what the database holds is the same for all.
IssuedOverview, OverviewTemplate = map(apps.get_model, ("reports.IssuedOverview", "reports.OverviewTemplate"))
SEALED: dict[type[Model], tuple[str, Any]] = {
    Regulation: ("title", "改了"),
    Observation: ("fact", "改了"),
    Version: ("label", "改了"),
    Clause: ("text", "改了"),
    ClauseCase: ("expected", "未知"),
    Exemption: ("unit_id", lambda row: Unit.objects.filter(kind="branch").exclude(pk=row.unit_id).first().pk),
    Finding: ("sentence", "改了"),
    Run: ("counts", {"added": 0}),
    Case: ("fact", "改了"),
    CaseStep: ("text", "改了"),
    PointsEntry: ("by_label", "别人"),
    Bulletin: ("opening", "改了"),
    SampleDraw: ("seed", "别的"),
    IssuedOverview: ("title", "改了"),
    AuditEvent: ("verb", "改了"),
}
"""Each table whose rows must stay, with a column and what somebody would write there."""
HELD = (
    "is sealed|is append-only|does not fit its case|has no such way|begins as|keeps its name|is kept as|stays"
    "|does not pass its checks|ends (by|with)"
)
"""What the rules of tables say."""


@dataclass
class Row:
    """A row that somebody wants to change or to be rid of."""

    found: Model
    column: str
    value: Any

    @property
    def model(self) -> type[Model]:
        """Of which kind."""
        return type(self.found)

    @property
    def rows(self):
        """It alone, as a query."""
        return self.model._base_manager.filter(pk=self.found.pk)

    def changed(self) -> Model:
        """It, as somebody would have it."""
        made = copy.copy(self.found)
        setattr(made, self.column, self.value)
        return made

    def plain(self, field: Any, value: Any) -> Any:
        """A value as a console of the database takes it."""
        return field.get_db_prep_save(value, connection)

    def execute(self, sql: str, values: list[Any]) -> None:
        """Type it into the console."""
        with connection.cursor() as cursor:
            cursor.execute(sql.format(self.model._meta.db_table, self.column), values)

    def state(self) -> list[dict[str, Any]]:
        """Every row of the table, as it lies there."""
        return list(self.model._base_manager.order_by("pk").values())


def by_update(row):
    row.rows.update(**{row.column: row.value})


def by_save(row):
    row.changed().save()


def by_save_of_one_column(row):
    row.changed().save(update_fields=[row.column])


def by_bulk_update(row):
    row.model._base_manager.bulk_update([row.changed()], [row.column])


def by_bulk_create(row):
    row.model._base_manager.bulk_create(
        [row.changed()], update_conflicts=True, unique_fields=["id"], update_fields=[row.column]
    )


def by_update_or_create(row):
    row.model._base_manager.update_or_create(pk=row.found.pk, defaults={row.column: row.value})


def by_sql_update(row):
    field = row.model._meta.get_field(row.column)
    key = row.plain(row.model._meta.pk, row.found.pk)
    row.execute('UPDATE "{0}" SET "{1}" = %s WHERE id = %s', [row.plain(field, row.value), key])


def by_sql_upsert(row):
    fields = row.model._meta.concrete_fields
    names = ", ".join(f'"{field.column}"' for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    made = row.changed()
    values = [row.plain(field, getattr(made, field.attname)) for field in fields]
    on = 'ON CONFLICT (id) DO UPDATE SET "{1}" = excluded."{1}"'
    row.execute(f'INSERT INTO "{{0}}" ({names}) VALUES ({marks}) {on}', values)  # noqa: S608 - our own columns


def by_sql_subquery(row):
    field = row.model._meta.get_field(row.column)
    key = row.plain(row.model._meta.pk, row.found.pk)
    sql = 'WITH w AS (SELECT id FROM "{0}" WHERE id = %s) UPDATE "{0}" SET "{1}" = %s WHERE id IN (SELECT id FROM w)'
    row.execute(sql, [key, row.plain(field, row.value)])


CHANGES = (
    *(by_update, by_save, by_save_of_one_column, by_bulk_update, by_bulk_create, by_update_or_create),
    *(by_sql_update, by_sql_upsert, by_sql_subquery),
)


def by_delete(row):
    row.found.delete()


def by_delete_of_rows(row):
    row.rows.delete()


def by_raw_delete(row):
    row.rows._raw_delete(row.rows.db)


def by_sql_delete(row):
    row.execute('DELETE FROM "{0}" WHERE id = %s', [row.plain(row.model._meta.pk, row.found.pk)])


def by_sql_delete_of_all(row):
    row.execute('DELETE FROM "{0}"', [])


REMOVALS = (by_delete, by_delete_of_rows, by_raw_delete, by_sql_delete, by_sql_delete_of_all)


@left_standing
def court(cast, story, rules, finding, offices):
    """A row of each table that has come to count."""
    make = {"bureau": cast.bureau}
    leader, inspector = cast.person("leader"), cast.person("inspector")
    case = story.decided(finding=finding)
    with clock.at(D(2018, 2, 7)):
        finalize_case(case, by=story.recorder)
    days = {"from_on": D(2018, 1, 1), "to_on": D(2018, 1, 31), "approved_on": D(2017, 12, 29)}
    words = {"reason": "整修", "approver": "局党组", "recorded_by_label": "壬", "recorded_on": D(2018, 1, 2)}
    Exemption.objects.create(**make, clause=rules["MV-3"], unit=cast.first, **days, **words)
    number = {"year": 2018, "number": 1, "start": D(2018, 1, 1), "end": D(2018, 2, 28), "status": "approved"}
    Bulletin.objects.create(
        **make,
        **number,
        prepared_by=inspector,
        approved_by=leader,
        issued_on=D(2018, 3, 1),
    )
    held = Inspection.objects.create(**make, month=D(2018, 1, 1), title="检查", led_by=inspector)
    seen = {"happened_on": D(2018, 1, 3), "fact": "未着制服", "evidence": "大厅"}
    Observation.objects.create(**make, inspection=held, person=cast.person("member"), **seen)
    SampleDraw.objects.create(
        **make, inspection=held, by_label="子", on=D(2018, 1, 12), seed="一月", number=1, drawn=["0004"]
    )
    text = OverviewTemplate.objects.create(**make, name="综述", version=1, saved_at=clock.now())
    words = {"title": "综述", "doc_no": "1号", "mark": "文件", "signer": "局", "content": {}}
    told = {"issued_on": D(2018, 1, 12), "year": 2017, "as_of": D(2018, 1, 12), "docx": b"d", "pdf": b"p"}
    told["issued_at"] = clock.now()
    IssuedOverview.objects.create(**make, **words, **told, template=text)
    return cast


def sealed(model):
    column, value = SEALED[model]
    wanted = {Version: {"status": "published"}, Clause: {"key": "MV-9"}}.get(model, {})
    row = model._base_manager.filter(**wanted).first()
    assert row is not None, f"no {model.__name__} was planted"
    return Row(row, column, value(row) if callable(value) else value)


def attempt(way, row):
    """Try it up to the moment at which it would count."""
    with transaction.atomic():
        way(row)
        connection.check_constraints()


@pytest.mark.parametrize("model", SEALED, ids=lambda model: model.__name__)
def test_no_way_changes_or_removes_what_counts(court, model, tell):
    before = sealed(model).state()
    assert before
    for way in (*CHANGES, *REMOVALS):
        # Django itself refuses to delete what others point to; all else comes to the rule of the table.
        with pytest.raises(Error, match=HELD if way in CHANGES else None):
            attempt(way, sealed(model))
        assert sealed(model).state() == before, way.__name__
    tell(
        "G7",
        f"{len(SEALED)} tables: {len(CHANGES)} ways to change a row and {len(REMOVALS)} to remove one are refused",
    )


@pytest.mark.parametrize("way", [*CHANGES, *REMOVALS], ids=lambda way: way.__name__)
def test_each_way_works_on_what_does_not_count_yet(cast, rules, story, way):
    draft = clone_version(
        version=rules["MV-9"].version, label="修订", effective_from=D(2019, 1, 1), by=cast.actor("officer")
    )
    number = {"year": 2018, "number": 2, "start": D(2018, 3, 1), "end": D(2018, 4, 30)}
    bulletin = Bulletin.objects.create(bureau=cast.bureau, **number, prepared_by=cast.person("inspector"))
    open_rows = [Row(draft.clauses.get(key="MV-3"), *SEALED[Clause]), Row(bulletin, *SEALED[Bulletin])]
    IndexEntry.objects.all().delete()  # what is searched follows from what is there
    for row in open_rows:
        if way is by_sql_delete_of_all and row.model is Clause:
            continue  # published ones lie in the same table
        attempt(way, row)
        left = row.rows.values_list(row.column, flat=True).first()
        assert left == (row.value if way in CHANGES else None), row.model.__name__


def test_every_table_that_the_database_seals_is_tried_here(db):
    asked = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if connection.vendor == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    )
    with connection.cursor() as cursor:
        cursor.execute(asked)
        names = [name for (name,) in cursor.fetchall()]
    found = {match[1] for name in names if (match := re.fullmatch(r"(\w+)_(?:sealed|append_only)_\w+", name))}
    assert found == {model._meta.db_table for model in SEALED}


OWNERS = (
    *("Bureau", "Person", "Unit", "Regulation", "Version", "Clause", "Run", "Finding", "Case", "Inspection"),
    "OverviewTemplate",
)


def owners_of(cast):
    member = cast.person("member")
    case, finding = Case.objects.get(), Finding.objects.get()
    return {
        "Bureau": cast.bureau,
        "Person": member,
        "Unit": cast.first,
        "Regulation": Regulation.objects.get(code="micro"),
        "Version": case.clause.version,
        "Clause": case.clause,
        "Run": finding.run,
        "Finding": finding,
        "Case": case,
        "Inspection": Inspection.objects.get(),
        "OverviewTemplate": OverviewTemplate.objects.get(),
    }


@pytest.mark.parametrize("name", OWNERS)
@pytest.mark.parametrize("way", [by_delete, by_delete_of_rows, by_raw_delete, by_sql_delete])
def test_what_counts_does_not_go_with_what_it_belongs_to(court, name, way):
    before = {model: list(model._base_manager.order_by("pk").values()) for model in SEALED}
    with pytest.raises(Error):
        attempt(way, Row(owners_of(court)[name], "", None))
    assert {model: list(model._base_manager.order_by("pk").values()) for model in SEALED} == before


DECIDED = {
    "status": "decided",
    "decision": Decision.CONFIRMED,
    "decided_on": D(2018, 1, 23),
    "decision_reason": "属实",
    "appeal_until": D(2018, 2, 6),
}


def decided_by(story, who):
    """A case that was told on the 15th, as somebody would have decided it."""
    made = copy.copy(story.notified())
    for name, value in {**DECIDED, "decided_by": who}.items():
        setattr(made, name, value)
    return made


def by_new_row(made):
    made.pk, made.serial = new_id(), 99
    Case.objects.bulk_create([made])


OWN_CASE = {
    "update": lambda made: Case.objects.filter(pk=made.pk).update(**DECIDED, decided_by=made.decided_by),
    "save": lambda made: made.save(),
    "bulk_update": lambda made: Case.objects.bulk_update([made], [*DECIDED, "decided_by"]),
    "bulk_create": lambda made: Case.objects.bulk_create(
        [made], update_conflicts=True, unique_fields=["id"], update_fields=[*DECIDED, "decided_by"]
    ),
    "new row": by_new_row,
}


@pytest.mark.parametrize("way", OWN_CASE)
@pytest.mark.parametrize("who", ["member", "inspector"])
def test_nobody_decides_the_own_case_or_what_they_recorded(cast, story, way, who):
    made = decided_by(story, cast.person(who))
    before = list(Case.objects.values())
    with pytest.raises(Error), transaction.atomic():
        OWN_CASE[way](made)
    assert list(Case.objects.values()) == before


@pytest.mark.parametrize("way", [way for way in OWN_CASE if way != "new row"])
def test_somebody_else_may_by_the_same_ways(cast, story, desk, way):
    if way == "bulk_create":
        pytest.skip("no case is written anew, whatever is in it")
    made = decided_by(story, Person.objects.get(pk=desk.person_id))
    with transaction.atomic():
        OWN_CASE[way](made)
    assert Case.objects.get().decided_by_id == desk.person_id
