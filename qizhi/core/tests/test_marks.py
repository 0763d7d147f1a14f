"""Each table keeps a mark of its last change, and a question's rows are kept while its tables keep theirs."""

from __future__ import annotations

from contextlib import contextmanager, suppress

import pytest
from django.db import connection, connections, transaction
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext

from qizhi.core import clock, kept, marks
from qizhi.core.db import changes
from qizhi.core.db.pour import pour_rows
from qizhi.core.ids import new_id
from qizhi.core.models import ImportDraft
from qizhi.core.tests.files import on_a_file, other_line
from qizhi.org.models import Bureau, Membership, Person, Unit
from qizhi.org.tests.cast import make_cast


@pytest.fixture
def living(tmp_path, transactional_db):
    """A database that other processes may write to, on the engine at hand."""
    with on_a_file(tmp_path / "living.sqlite3"):
        yield


def marks_now():
    with kept.reading():
        return dict(marks.marks_at(kept._here.stamp))


def changed(write):
    """The tables whose marks a write changes."""
    before = marks_now()
    write()
    after = marks_now()
    return {table for table in after if after[table] != before.get(table)}


@contextmanager
def asks(rows, marks_again):
    """So many questions for rows, and whether the marks are read before them.

    On PostgreSQL whoever commits elsewhere on the server, as the other worker of the tests does, moves the
    snapshot, and the marks are read once more: there only the questions for rows are told.
    """
    with CaptureQueriesContext(connection) as captured:
        yield
    about_marks = [query for query in captured if marks.TABLE in query["sql"]]
    assert len(captured) - len(about_marks) == rows
    if connection.vendor == "sqlite":
        assert len(about_marks) == marks_again


def test_every_table_of_ours_has_a_mark(living):
    assert set(marks_now()) == set(changes.tables_of_ours())
    assert {"gatherings_gathering", "gatherings_gatheringkind", "org_unit"} <= set(marks_now())


def test_every_road_changes_the_mark_and_no_other(living):
    cast = make_cast()
    many = [Person(bureau=cast.bureau, name=name, staff_no=name) for name in "甲乙丙"]

    def raw():
        with connection.cursor() as cursor:
            cursor.execute("UPDATE org_bureau SET name = 'x' WHERE code = %s", [cast.bureau.code])

    assert changed(list) == set()
    assert changed(cast.first.save) == {"org_unit"}
    assert changed(raw) == {"org_bureau"}
    assert changed(lambda: Person.objects.bulk_create(many[:1])) == {"org_person"}
    assert changed(lambda: pour_rows(Person, many[1:])) == {"org_person"}
    assert changed(lambda: Person.objects.filter(name="甲").update(name="同名")) == {"org_person"}
    assert changed(Membership.objects.filter(person=cast.person("member")).delete) == {"org_membership"}


def test_what_is_taken_back_leaves_the_mark(living):
    def taken_back(code):
        with suppress(LookupError), transaction.atomic():
            Bureau.objects.create(name="甲局", code=code)
            raise LookupError

    def half():
        with transaction.atomic():
            taken_back("yi")
            Bureau.objects.create(name="丙局", code="bing")

    assert changed(lambda: taken_back("jia")) == set()
    assert changed(half) == {"org_bureau"}


def test_a_mark_never_comes_again_and_few_rows_hold_it(living):
    seen = set()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT setseed(0.5)")  # by lot marks are put together: by the same one each time
    for number in range(300):
        Bureau.objects.create(name=f"{number}局", code=str(number))
        seen.add(marks_now()["org_bureau"])
    assert len(seen) == 300
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM core_change WHERE name = 'org_bureau'")
        assert cursor.fetchone()[0] < 300


def test_rows_are_kept_until_a_table_of_theirs_is_written(living):
    bureau = Bureau.objects.create(name="甲局", code="jia")

    def look(rows, *, marks_again=True):
        with kept.reading(), asks(rows, marks_again):
            found = list(Bureau.objects.values_list("name", flat=True)), Unit.objects.count()
            assert Person.objects.filter(bureau__name="没有").exists() is False
            return found

    marks_now()  # what a process learns once, it has learnt
    Bureau.objects.update(name="甲局")
    assert look(3) == (["甲局"], 0)
    assert look(0, marks_again=False) == (["甲局"], 0)
    Person.objects.create(bureau=bureau, name="甲", staff_no="1")
    assert look(1) == (["甲局"], 0)  # the question about people
    Bureau.objects.update(name="乙局")
    assert look(2) == (["乙局"], 0)


def test_a_table_that_lost_its_triggers_is_asked_each_time_until_the_next_migration(living):
    is_sqlite = connection.vendor == "sqlite"
    name = "org_bureau_change_update" if is_sqlite else "core_change"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {name}" + ("" if is_sqlite else " ON org_bureau"))
    Unit.objects.update(name="x")
    assert set(changes.tables_of_ours()) - set(marks_now()) == {"org_bureau"}
    changes.watch_tables(connections["default"])
    assert set(changes.tables_of_ours()) == set(marks_now())


def test_a_question_about_the_hour_or_a_table_without_a_mark_is_asked_again():
    def said(rows):
        return marks.tables_in(str(rows.query))

    assert said(Bureau.objects.annotate(now=Now())) is None
    assert said(Bureau.objects.order_by("?")) is None
    joined = said(Membership.objects.filter(person__name="x", bureau__name="y"))
    assert joined == frozenset({"org_membership", "org_person", "org_bureau"})
    assert marks.tables_in('SELECT 1 FROM "django_session"') == frozenset({"django_session"})
    assert "django_session" not in changes.tables_of_ours()


def test_inside_a_transaction_that_may_write_no_row_is_kept(living):
    Bureau.objects.create(name="甲局", code="jia")
    with kept.watching():
        assert kept.keeps_rows(connections["default"])
        with transaction.atomic():
            assert not kept.keeps_rows(connections["default"])
    assert not kept.keeps_rows(connections["default"])
    with kept.sharing():
        assert not kept.keeps_rows(connections["default"])


def test_a_file_or_a_long_text_is_not_kept(living):
    long = "长" * kept.MOST_ROWS_OF_ONE * kept.ORDINARY
    draft = {"created_at": clock.now(), "importer": "org.people", "filename": "a.csv"}
    for content in (long.encode(), b"short"):
        row = ImportDraft.objects.create(bureau_id=new_id(), by_id=new_id(), content=content, **draft)
        for number in (1, 1 if content != b"short" else 0):
            marks_now()
            with kept.reading(), asks(number, marks_again=False):
                assert bytes(ImportDraft.objects.get(pk=row.pk).content) == content


def test_the_budget_is_one_of_rows_and_the_oldest_goes_first():
    rows, known = kept._Rows(5), {"a": 1}
    for number in range(3):
        rows.put(number, (("a", 1),), 2, [number])
    assert [rows.find(number, known)[0] for number in range(3)] == [False, True, True]
    assert rows.find(1, {"a": 2}) == (False, None)
    rows.put(1, (("a", 2),), 1, ["new"])
    assert rows.find(1, {"a": 2}) == (True, ["new"])
    rows.clear_out({"a": 2})
    assert (rows._held, [rows.find(number, {"a": 2})[0] for number in range(3)]) == (1, [False, True, False])


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="on SQLite writers come one after the other")
def test_two_writers_of_a_table_do_not_wait_and_whoever_commits_later_is_seen_then(living):
    for name in "甲乙":
        Bureau.objects.create(name=name, code=name)
    text = "UPDATE org_bureau SET short_name = 'x' WHERE code = %s"
    seen = [marks_now()["org_bureau"]]
    with other_line() as first, other_line() as second:
        first.execute("SET lock_timeout = '2s'")
        second.execute("SET lock_timeout = '2s'")
        first.execute(text, ["甲"])
        second.execute(text, ["乙"])
        seen.append(marks_now()["org_bureau"])
        second.commit()
        seen.append(marks_now()["org_bureau"])
        first.commit()
        seen.append(marks_now()["org_bureau"])
    assert seen[0] == seen[1]
    assert len(set(seen)) == 3
