"""A page that is answered from what is kept says the same as one worked out anew, whatever was written before.

And right after something was written of gatherings it asks for few things, however many there are.
"""

from __future__ import annotations

import datetime as dt
import random
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, models, transaction
from django.db.models.deletion import ProtectedError, RestrictedError
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bench.inside import CONTROL
from qizhi.core import kept, marks
from qizhi.core.tests.files import on_a_file, run_outside
from qizhi.gatherings.models import Kind
from qizhi.gatherings.services import GatheringFacts, LecturerFact, RollFact, record_gathering
from qizhi.org.tests.cast import make_cast
from tests.things import make_things
from tests.walk import ENDS_SESSION, addresses

WRITES = 15
ALWAYS = {"web:home", "reports:figures", "reports:overview", "branch_life:bureau", "gatherings:gatherings"}
OF_BRANCH = {"web:home", "reports:figures", "gatherings:gatherings"}
"""Those that a secretary opens."""
MORE = 2
"""Further pages that are opened before and after each write."""
MOST_ASKED = {"sqlite": 10, "postgresql": 12}
"""Statements of a page at most after a write. PostgreSQL says in one more which state it shows, and to it a
statement that found no row wrote to its table, too.
"""
DRAWN = re.compile(r'name="(?:csrfmiddlewaretoken|id|token|password)" value="[^"]*"|X-CSRFToken[^}]*')
"""What a page draws by lot each time."""
PLAIN = (models.CharField, models.TextField, models.DateField, models.BooleanField, models.IntegerField)
LEFT_ALONE = {"core.AuditEvent", "org.Account", "tasks.Handling"}
"""The log only grows; the reader stays who he is; a document always has somebody who answers for it."""


@pytest.fixture
def living(tmp_path, transactional_db) -> Iterator[None]:
    """A database that other processes may write to, on the engine at hand."""
    with on_a_file(tmp_path / "living.sqlite3"):
        yield


class Writer:
    """Writes something somewhere, now by this road and now by that."""

    def __init__(self, seed: int) -> None:
        self.lot = random.Random(seed)  # noqa: S311 - for a test
        ours = [app for app in apps.get_app_configs() if app.name.startswith("qizhi.")]
        self.models = [one for app in ours for one in app.get_models() if one._meta.label not in LEFT_ALONE]
        self.last = ""

    def write(self, number: int) -> None:
        """Try until something was written: the database refuses many changes, as it should."""
        road = self.lot.choice((save, update, bulk, outside, remove, again))
        while True:
            model = self.lot.choice(self.models)
            fields = [
                field
                for field in model._meta.concrete_fields
                if isinstance(field, PLAIN) and not (field.primary_key or field.choices or field.unique)
            ]
            row = model._default_manager.order_by("pk").first()
            if row is None or not fields:
                continue
            field = self.lot.choice(fields)
            try:
                with transaction.atomic():
                    road(row, field, _another(field, getattr(row, field.attname), number))
            except (DatabaseError, connection.Database.Error, ProtectedError, RestrictedError):
                continue
            self.last = f"{road.__name__} {model._meta.label}.{field.name}"
            return


def _another(field: Any, value: Any, number: int) -> Any:
    if isinstance(field, models.BooleanField):
        return not value
    if isinstance(field, models.IntegerField):
        return (value or 0) + 1
    if isinstance(field, models.DateField):
        return value and value.replace(day=1 + number % 28)
    return f"改{number}"[: field.max_length]


def save(row: Any, field: Any, value: Any) -> None:
    setattr(row, field.attname, value)
    row.save()


def update(row: Any, field: Any, value: Any) -> None:
    type(row)._base_manager.filter(pk=row.pk).update(**{field.attname: value})


def bulk(row: Any, field: Any, value: Any) -> None:
    setattr(row, field.attname, value)
    type(row)._base_manager.bulk_update([row], [field.attname])


def outside(row: Any, field: Any, value: Any) -> None:
    """By a program that knows nothing of ours."""
    values = [
        one.get_db_prep_save(what, connection) for one, what in ((field, value), (row._meta.pk, row.pk))
    ]
    text = f'UPDATE "{row._meta.db_table}" SET "{field.column}" = %s WHERE id = %s'  # noqa: S608 - names of models
    transaction.on_commit(lambda: run_outside(text, values))


def remove(row: Any, field: Any, value: Any) -> None:
    """With all that hangs on it."""
    row.delete()


def again(row: Any, field: Any, value: Any) -> None:
    """One more row, nearly the same."""
    setattr(row, field.attname, value)
    row.pk, row._state.adding = row._meta.pk.get_default(), True
    row.save(force_insert=True)


@contextmanager
def nothing_kept() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kept, "_numbers", kept._Shelf(kept.MOST_NUMBERS))
        patch.setattr(kept, "_tables", kept._Shelf(kept.MOST_TABLES))
        patch.setattr(kept, "_rows", kept._Rows(kept.MOST_ROWS))
        yield


def said(client: Any, path: str) -> tuple[int, str]:
    reply = client.get(path)
    body = b"".join(reply.streaming_content) if reply.streaming else reply.content
    return reply.status_code, DRAWN.sub("", body.decode(errors="replace"))


def test_after_each_of_many_writes_a_kept_page_says_what_one_made_anew_says(living):
    cast = make_cast()
    things = make_things(cast)
    writer, client = Writer(2018), cast.client("officer")
    open_to = [one for one in addresses(things) if one.name not in ENDS_SESSION and not one.access.is_public]
    always = [one.path for one in open_to if one.name in ALWAYS]
    assert len(always) == len(ALWAYS)
    others = sorted({one.path for one in open_to} - {*always})
    for path in always:
        said(client, path)
    for number in range(WRITES):
        more = writer.lot.sample(others, MORE)
        for path in more:
            said(client, path)
        opened = always + more  # all of them are kept now: those that are always opened since the last write
        assert kept._rows._answers
        writer.write(number)
        found = {path: said(client, path) for path in opened}
        with nothing_kept():
            # The other way round: what one page keeps for another is not taken from the same one twice.
            anew = {path: said(client, path) for path in reversed(opened)}
        for path in opened:
            assert found[path] == anew[path], f"{path} after {writer.last}"


def hold(cast: Any, kinds: dict[str, Kind], number: int) -> None:
    """Record that many gatherings, with somebody who spoke and somebody who was not there."""
    for day in range(1, 1 + number):
        lesson = ("theme-day", "lesson", "training", "campaign")
        for keys, absent in ((lesson, "member"), (("committee",), "secretary")):
            facts = GatheringFacts(
                unit=cast.first,
                held_on=dt.date(2018, 1, day),
                kinds=tuple(kinds[key] for key in keys),
                hours=Decimal(2),
                lecturers=(LecturerFact(cast.person("secretary")),) if keys is lesson else (),
                roll=(RollFact(cast.person(absent), "absent"),),
            )
            record_gathering(facts=facts, by=cast.actor("secretary"))


def write_all_of_gatherings() -> None:
    """Each of their tables that has a row; what stands there stays."""
    for model in apps.get_app_config("gatherings").get_models(include_auto_created=True):
        name = next(field.name for field in model._meta.concrete_fields if not field.primary_key)
        model._base_manager.update(**{name: models.F(name)})


def asked_after(client: Any, path: str, write: Callable[[], None]) -> int:
    said(client, path)
    write()
    with CaptureQueriesContext(connection) as captured:
        assert said(client, path)[0] == 200
    asked = [query["sql"] for query in captured if not CONTROL.match(query["sql"])]
    if connection.vendor == "postgresql":
        # Whoever commits elsewhere on the server meanwhile, as the other worker of the tests does, moves the
        # snapshot: then the marks are asked once more.
        return len(asked) - len([sql for sql in asked if marks.TABLE in sql][1:])
    return len(asked)


def test_right_after_gatherings_were_written_a_page_asks_for_little_however_many_they_are(living):
    cast = make_cast()
    make_things(cast)
    kinds = {kind.key: kind for kind in Kind.objects.filter(bureau=cast.bureau)}
    asked = []
    for number in (1, 3):
        hold(cast, kinds, number)
        asked.append(
            {
                (name, page): asked_after(cast.client(name), reverse(page), write_all_of_gatherings)
                for name, pages in (("officer", ALWAYS), ("secretary", OF_BRANCH))
                for page in sorted(pages)
            }
        )
    assert asked[0] == asked[1]
    assert max(asked[0].values()) <= MOST_ASKED[connection.vendor], asked[0]
