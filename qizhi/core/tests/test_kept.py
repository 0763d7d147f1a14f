"""What is kept between requests is dropped at the next change, whoever makes it."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys

import pytest
from django.db import connection, transaction

from qizhi.core import kept
from qizhi.core.figures import count_rows
from qizhi.org.models import Bureau

ON_A_FILE = """
import sqlite3, sys
import django
django.setup()
from django.db import connection
from qizhi.core import kept

said = []
def look():
    def make():
        said.append("made")
        with connection.cursor() as cursor:
            return cursor.execute("SELECT COUNT(*) FROM facts").fetchone()[0]
    with kept.reading():
        return kept.keep(make, "facts")

with connection.cursor() as cursor:
    cursor.execute("CREATE TABLE facts (n INTEGER)")
other = sqlite3.connect(sys.argv[1], isolation_level=None)
print(look(), look(), len(said))
other.execute("INSERT INTO facts VALUES (1)")
print(look(), look(), len(said))
with connection.cursor() as cursor:
    cursor.execute("INSERT INTO facts VALUES (2)")
print(look(), look(), len(said))
"""


def test_on_a_file_an_answer_is_kept_until_somebody_writes(tmp_path):
    path = tmp_path / "facts.sqlite3"
    environ = {**os.environ, "DATABASE_URL": f"sqlite:///{path}"}
    done = subprocess.run(
        [sys.executable, "-c", ON_A_FILE, str(path)], env=environ, capture_output=True, text=True, check=False
    )
    assert done.stdout.splitlines() == ["0 0 1", "1 1 2", "2 2 3"], done.stderr


def test_the_watch_tells_every_commit_and_nothing_else(tmp_path):
    path = str(tmp_path / "watched.sqlite3")
    writer = sqlite3.connect(path, isolation_level=None)
    writer.execute("PRAGMA journal_mode=WAL")
    writer.execute("CREATE TABLE facts (n INTEGER)")
    watch = kept._Watch()
    first = watch.version(path)
    writer.execute("SELECT * FROM facts")
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("INSERT INTO facts VALUES (1)")
    assert watch.version(path) == first
    writer.execute("COMMIT")
    assert watch.version(path) != first


@pytest.mark.django_db(transaction=True)
def test_between_requests_an_answer_is_kept_only_where_every_change_is_seen():
    made = []

    def count():
        made.append(kept._here.stamp)
        return Bureau.objects.count()

    def look():
        with kept.reading():
            assert kept.keep(count, "bureaus") == 0
            return {kept._here.stamp}

    (stamp,) = _undisturbed(look)
    is_kept = connection.vendor == "postgresql"  # the tests' SQLite lies in memory and cannot be watched
    assert made.count(stamp) == (1 if is_kept else 2)
    Bureau.objects.create(name="甲局", code="jia")
    with kept.reading():
        assert kept.keep(count, "bureaus") == 1


def _undisturbed(look):
    """Look twice, while nobody commits elsewhere on the server, as the other worker does; the stamps."""
    stamps = look() | look()
    for _ in range(50):
        if len(stamps) == 1:
            break
        stamps = look() | look()
    return stamps


@pytest.mark.django_db
def test_inside_a_transaction_that_may_write_nothing_is_kept():
    made = []
    for _ in range(2):
        with transaction.atomic(), kept.reading():
            kept.keep(lambda: made.append(1), "anything")
    kept.keep(lambda: made.append(1), "anything")
    kept.put_number(1, "a number")
    assert len(made) == 3
    assert kept.find_number("a number") is None


def test_a_shelf_forgets_what_was_asked_for_longest_ago_and_everything_at_a_new_stamp():
    shelf = kept._Shelf(2)
    for number in (1, 2):
        shelf.put(("a",), number, number * 10)
    assert shelf.find(("a",), 1) == (True, 10)
    shelf.put(("a",), 3, 30)
    assert [shelf.find(("a",), number)[0] for number in (1, 2, 3)] == [True, False, True]
    shelf.put(("b",), 4, 40)
    assert [shelf.find(("b",), number)[0] for number in (1, 3, 4)] == [False, False, True]
    assert shelf.find(("a",), 4) == (False, None)


@pytest.mark.django_db
def test_many_counts_are_one_statement(django_assert_num_queries):
    for number in range(3):
        Bureau.objects.create(name=f"{number}局", code=str(number))
    every = Bureau.objects.order_by("name")
    asked = [every, every.none(), every.filter(name="1局"), every.filter(name__contains="局%")]
    with django_assert_num_queries(1):
        assert count_rows(asked) == [3, 0, 1, 0]
    with django_assert_num_queries(0):
        assert count_rows([every.none()]) == [0]


def test_what_is_shared_inside_a_block_is_forgotten_at_its_end(db):
    made = []

    def make():
        made.append(1)
        return len(made)

    for expected in (1, 2):
        with transaction.atomic(), kept.sharing():
            assert [kept.keep(make, "shared"), kept.keep(make, "shared")] == [expected] * 2
            with kept.sharing():
                assert kept.keep(make, "shared") == expected
    assert kept.keep(make, "shared") == 3


@pytest.mark.django_db(transaction=True)
def test_who_asks_is_kept_with_what_is_read_and_neither_survives_a_change():
    made = []

    def ask(what):
        kept.keep(lambda: made.append((what, kept._here.stamp)), what)
        return kept._here.stamp

    def look():
        with kept.watching():
            first = ask("who")
            with kept.reading():
                second = ask("what")
            return {first, second, ask("who")}

    stamps = _undisturbed(look)
    if connection.vendor == "postgresql":  # the tests' SQLite lies in memory and cannot be watched
        (before,) = stamps
        Bureau.objects.create(name="甲局", code="jia")
        (after,) = _undisturbed(look)
        assert before != after
        for stamp in (before, after):
            assert [what for what, known in made if known == stamp] == ["who", "what"]
    assert kept.find_number("who") is None
