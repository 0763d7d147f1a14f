"""Twelve clauses for so many people over a month: judged, written, and judged again.

Run as `python -m bench.clauses fill|judge PEOPLE` where the database is; prints JSON. The people and what
they came to are made by the database itself, by the same statements on both engines.
"""

# ruff: noqa: S608 - only words and numbers of this file stand in the statements
from __future__ import annotations

import datetime as dt
import json
import resource
import sys
import time
from collections.abc import Mapping, Sequence
from typing import Any

import django
from django.db import connection, transaction
from django.db.models import NOT_PROVIDED, Model
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bench.databases import Engine, ask
from bench.databases import django as django_command
from bench.goals import Sheet
from qzlib.say import say

SIZES = {"sqlite": (500, 100_000), "postgres": (500, 100_000, 1_000_000)}
"""How many people on which engine, unless `--people` says otherwise."""
QUICK = (500, 20_000)
A_BRANCH = 40
MANY = 10_000
HELD = ("theme-day", "lesson", "congress", "org-life", "appraisal", "integrity")
"""What each branch holds in the month, one of each; of a hundred branches two leave out the last."""
A_DOCUMENT = 10
"""Of so many people one has a document to finish in the month: of a hundred documents two are late."""
JANUARY, AS_OF = (dt.date(2018, 1, 1), dt.date(2018, 1, 31)), dt.date(2018, 2, 20)
CLAUSES: tuple[tuple[str, str, dict[str, Any]], ...] = (
    *(
        ("missing_item", "person", {"item": item, "every": "month", "at_least": 1})
        for item in ("theme_day", "lesson", "org_life", "integrity")
    ),
    ("missing_item", "person", {"item": "lesson", "every": "month", "at_least": 1, "even_if_none": True}),
    ("missing_item", "department", {"item": "integrity", "every": "month", "at_least": 1}),
    ("ratio", "person", {"every": "month", "share": "4/5"}),
    ("ratio", "branch", {"item": "congress", "every": "month", "share": "19/20"}),
    ("quota", "branch", {"counts": "theme_day", "every": "month", "at_least": 1}),
    ("quota", "branch", {"counts": "integrity", "every": "month", "at_least": 1}),
    ("deadline", "person", {"register": "documents", "grace": 2}),
    ("per_event", "person", {}),
)
APPLIES_BY = {"deadline": "due", "per_event": "event"}


def fill(people: int) -> dict[str, Any]:
    """A bureau with so many people in branches of forty, what they held in January, and twelve clauses."""
    from qizhi.core.permissions import system  # noqa: PLC0415 - after django.setup()
    from qizhi.gatherings.services.standard import load_standard_kinds  # noqa: PLC0415
    from qizhi.org.models import Bureau, Unit  # noqa: PLC0415
    from qizhi.regulations.services.calendar import load_national_calendar  # noqa: PLC0415

    bureau = Bureau.objects.create(code=code_of(people), name="示例局", short_name="示例局")
    by = system(bureau.pk)
    load_standard_kinds(bureau, by=by)
    load_national_calendar(bureau, by=by)
    begun = {"bureau": bureau, "from_on": dt.date(2015, 1, 1)}
    root = Unit.objects.create(**begun, kind="bureau", code="b", name="示例局", path="b/")
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # Row by row the rules of the database cost more than all else, and a lock for each person.
            cursor.execute("SET LOCAL session_replication_role = replica")
        _Writer(cursor, bureau.pk, people).write(root.pk)
    observed = publish(bureau.pk)
    with transaction.atomic(), connection.cursor() as cursor:
        _Writer(cursor, bureau.pk, people).observe(observed)
    return {"people": people, "branches": -(-people // A_BRANCH)}


def code_of(people: int) -> str:
    """The code of the bureau of that size."""
    return f"clauses-{people}"


class _Writer:
    """Rows by INSERT … SELECT over a series; keys are numbers behind a prefix of the table."""

    def __init__(self, cursor: Any, bureau_id: Any, people: int) -> None:
        self.cursor, self.people = cursor, people
        self.bureau = self.plain(bureau_id)
        self.branches = -(-people // A_BRANCH)

    def write(self, root_id: Any) -> None:
        """Branches, people, what was held, who came, and documents with those who answer for them."""
        from qizhi.gatherings.models import (  # noqa: PLC0415 - after django.setup()
            Gathering,
            GatheringKind,
            Kind,
            LedgerEntry,
            RollEntry,
        )
        from qizhi.org.models import Membership, Person, Unit  # noqa: PLC0415

        since = "'2015-01-01'"
        unit = {
            "kind": "'branch'",
            "code": "'z' || n",
            "name": "'第' || n || '党支部'",
            "path": "'b/z' || n || '/'",
        }
        unit |= {"parent_id": self.plain(root_id), "from_on": since}
        self.insert(Unit, 1, self.branches, unit)
        self.insert(Person, 2, self.people, {"staff_no": "CAST(n AS varchar(20))", "name": "'示例' || n"})
        branch = self.key(1, f"((n - 1) / {A_BRANCH} + 1)")
        member = {"person_id": self.key(2, "n"), "unit_id": branch, "from_on": since, "status": "'full'"}
        self.insert(Membership, 3, self.people, member)
        kinds = Kind.objects.filter(bureau__code=code_of(self.people))
        # One in the year before, so that January is a month of which there are records.
        before = {"unit_id": self.key(1, "n"), "held_on": "'2017-12-08'", "title": "'示例'"}
        before["recorded_at"] = "'2017-12-20 00:00:00+00'"
        self.insert(Gathering, 10, 1, before)
        for number, kind in enumerate(kinds.get(key=key) for key in HELD):
            day, first = f"'2018-01-{8 + number:02}'", number * self.branches
            held = {"unit_id": self.key(1, "n"), "held_on": day}
            texts = {
                "title": f"'{kind.name}'",
                "recorded_by": "'示例'",
                "recorded_at": "'2018-01-20 00:00:00+00'",
            }
            gathering = self.key(4, f"(n + {first})")
            some = {"shift": first, "where": "n % 100 >= 2" if number == len(HELD) - 1 else "1 = 1"}
            self.insert(Gathering, 4, self.branches, {**held, **texts}, **some)
            link = {"gathering_id": gathering, "kind_id": self.plain(kind.pk)}
            self.insert(GatheringKind, 5, self.branches, link, **some)
            for place, ledger in enumerate(kind.ledgers):
                entry = {**held, "gathering_id": gathering, "ledger": f"'{ledger}'"}
                self.insert(LedgerEntry, 6 + place, self.branches, entry, **some)
            # Of a hundred one is absent and four are on leave, others each time.
            turn = f"((n * 7 + {number * 13}) % 100)"
            branch = f"((n - 1) / {A_BRANCH} + 1)"
            # And of one branch in a hundred every fifth stays away from the congress.
            away = f"({branch} % 100 = 5 AND n % 5 = 0)" if HELD[number] == "congress" else "1 = 0"
            roll = {
                "gathering_id": self.key(4, f"({branch} + {first})"),
                "person_id": self.key(2, "n"),
                "state": f"CASE WHEN {turn} = 0 OR {away} THEN 'absent' ELSE 'excused' END",
            }
            there = some["where"].replace("n ", f"{branch} ")
            few = f"({turn} < 5 OR {away}) AND {there}"
            self.insert(RollEntry, 9, self.people, roll, shift=number * self.people, where=few)
        self.documents()

    def documents(self) -> None:
        """One for each of `A_DOCUMENT` people: of a hundred two are late, eight within the grace."""
        from qizhi.tasks.models import Document, Handling  # noqa: PLC0415 - after django.setup()

        turn = "((n * 7) % 100)"
        days = {"received_on": "'2018-01-05'", "due_on": "'2018-01-12'", "title": "'示例'"}
        done = (
            f"CASE WHEN {turn} < 2 THEN '2018-01-19' WHEN {turn} < 10 THEN '2018-01-16' ELSE '2018-01-11' END"
        )
        at = "'2018-01-20 00:00:00+00'"
        days |= {"done_on": done, "done_recorded_at": at, "recorded_at": at}
        self.insert(Document, 11, self.people // A_DOCUMENT, days)
        person = f"(n * {A_DOCUMENT})"
        handling = {
            "document_id": self.key(11, "n"),
            "person_id": self.key(2, person),
            "from_on": "'2018-01-05'",
        }
        handling["unit_id"] = self.key(1, f"(({person} - 1) / {A_BRANCH} + 1)")
        self.insert(Handling, 12, self.people // A_DOCUMENT, handling)

    def observe(self, clause_id: Any) -> None:
        """What one inspection saw: something of one person in a hundred."""
        from qizhi.conduct.models import Inspection, Observation  # noqa: PLC0415 - after django.setup()

        held = {"month": "'2018-01-01'", "title": "'示例'", "held_on": "'2018-01-10'"}
        self.insert(Inspection, 13, 1, {**held, "led_by_id": self.key(2, "1")})
        seen = {"inspection_id": self.key(13, "1"), "clause_id": self.plain(clause_id)}
        seen |= {
            "person_id": self.key(2, "n"),
            "happened_on": "'2018-01-10'",
            "fact": "'示例'",
            "evidence": "'现场'",
        }
        self.insert(Observation, 14, self.people, seen, where="(n * 3) % 100 = 0")

    def insert(
        self,
        model: type[Model],
        table: int,
        rows: int,
        given: Mapping[str, str],
        *,
        shift: int = 0,
        where: str = "1 = 1",
    ) -> None:
        """Rows 1 to `rows`; columns that are not given get what the model would give them."""
        columns: dict[str, str] = {"id": self.key(table, f"(n + {shift})")}
        values: list[Any] = []
        for field in model._meta.concrete_fields[1:]:
            column = str(field.column)
            if column == "bureau_id":
                columns[column] = self.bureau
            elif column in given:
                columns[column] = self.cast(field, given[column])
            elif not field.null:
                value = "" if field.default is NOT_PROVIDED else field.get_default()
                columns[column] = "%s"
                values.append(field.get_db_prep_save(value, connection))
        names = ", ".join(f'"{name}"' for name in columns)
        self.cursor.execute(
            f"WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {rows}) "
            f'INSERT INTO "{model._meta.db_table}" ({names}) '
            f"SELECT {', '.join(columns.values())} FROM s WHERE {where}".replace("% ", "%% "),
            values,
        )

    def cast(self, field: Any, text: str) -> str:
        """A text as the column's type; SQLite keeps days as they are written."""
        kinds = {"DateField": "date", "DateTimeField": "timestamptz"}
        kind = kinds.get(field.get_internal_type()) if connection.vendor == "postgresql" else None
        return f"CAST({text} AS {kind})" if kind else text

    def key(self, table: int, number: str) -> str:
        """The key of a row by its number."""
        prefix = f"{self.people:08x}{table:04x}"
        if connection.vendor == "postgresql":
            return f"CAST('{prefix}' || lpad(to_hex({number}), 20, '0') AS uuid)"
        return f"('{prefix}' || printf('%%020x', {number}))"

    def plain(self, key: Any) -> str:
        """A key that is known, as a literal."""
        return f"CAST('{key}' AS uuid)" if connection.vendor == "postgresql" else f"'{key.hex}'"


def publish(bureau_id: Any) -> Any:
    """The twelve clauses, in force since 2017; the key of the one that observations are of."""
    from qizhi.core.permissions import system  # noqa: PLC0415 - after django.setup()
    from qizhi.regulations import services  # noqa: PLC0415
    from qizhi.regulations.services.proposals import take_proposals  # noqa: PLC0415

    by = system(bureau_id)
    head = {"code": "bench", "title": "示例办法", "doc_no": "", "issuer": "示例局", "level": "bureau"}
    made = services.add_regulation(values=head, by=by)
    values = {"label": "试行", "effective_from": dt.date(2017, 1, 1)}
    version = services.add_version(regulation=made, values=values, by=by)
    made_of = {}
    for number, (kind, subject, parameters) in enumerate(CLAUSES, start=1):
        clause = {"key": f"C-{number:02}", "number": f"第{number}条", "text": "示例", "points": -1}
        clause |= {"kind": kind, "subject": subject, "parameters": parameters}
        clause["applies_by"] = APPLIES_BY.get(kind, "period_end")
        made_of[kind] = services.add_clause(version=version, values=clause, by=by)
    take_proposals(version=version, by=by)
    services.publish_version(version=version, by=by)
    return made_of["per_event"].pk


def judge(people: int) -> dict[str, float]:
    """Seconds of a run that writes and of one that finds no change; rows, statements, memory in MB."""
    from qizhi.core.periods import Period  # noqa: PLC0415 - after django.setup()
    from qizhi.core.permissions import system  # noqa: PLC0415
    from qizhi.org.models import Bureau  # noqa: PLC0415
    from qizhi.regulations.models import Finding  # noqa: PLC0415
    from qizhi.regulations.services import compare, run_clauses  # noqa: PLC0415

    bureau = Bureau.objects.get(code=code_of(people))
    span = Period(*JANUARY)
    # What a server has loaded long ago is loaded here: addresses, and with them every page.
    reverse("web:home")
    rows, numbers, seconds = Finding.objects.filter(bureau=bureau), [], []
    for _ in range(2):
        start = time.perf_counter()
        run_clauses(bureau_id=bureau.pk, span=span, as_of=AS_OF, by=system(bureau.pk))
        seconds.append(time.perf_counter() - start)
        numbers.append(rows.count())
    wanted = {kind for kind, *_ in CLAUSES}
    silent = wanted - set(rows.order_by().values_list("clause__kind", flat=True).distinct())
    if silent:
        message = f"nothing was found by {', '.join(sorted(silent))}: there was nothing to judge"
        raise RuntimeError(message)
    with CaptureQueriesContext(connection) as captured:
        compare(bureau.pk, span, AS_OF)
    return {
        "first": seconds[0],
        "again": seconds[1],
        "found": numbers[0],
        "written_again": numbers[1] - numbers[0],
        "statements": len(captured.captured_queries),
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def measure(sheet: Sheet, where: Engine, sizes: Sequence[int], column: int) -> None:
    """Put seconds, rows and statements of each size into the sheet.

    Args:
        sheet: takes the rows.
        where: engine on which a database is made for each size.
        sizes: numbers of people, the fewest first.
        column: of the sheet: the fewest bureaus.
    """
    took: dict[int, float] = {}
    for people in sizes:
        address = where.empty(f"clauses{people}")
        django_command(address, "migrate", "--noinput", "--verbosity", "0")
        ask(address, "bench.clauses", "fill", str(people))
        where.settle(address)
        found = ask(address, "bench.clauses", "judge", str(people))
        where.drop(address)
        took[people] = found["again"]
        what = f"12 clauses of {len({kind for kind, *_ in CLAUSES})} kinds, {people:,} people, a month"
        sheet.put(f"clauses{people}", f"{what}: judged and written", "s", column, found["first"])
        sheet.put(f"clauses{people}.again", f"{what}: run again", "s", column, found["again"])
        sheet.put(
            f"clauses{people}.written", f"{what}: rows written again", "", column, found["written_again"]
        )
        sheet.put(
            f"clauses{people}.sql", f"{what}: statements of a comparison", "", column, found["statements"]
        )
        sheet.put(f"clauses{people}.found", f"{what}: findings", "", column, found["found"])
        sheet.put(
            f"clauses{people}.memory", f"{what}: memory of the process", "MB", column, found["megabytes"]
        )
        say(f"✓ {where.name}, clauses for {people:,} people: {found['first']:.2f} s")
    # Of few people nearly all the time goes by in statements as such.
    few, many = min((size for size in sizes if size >= MANY), default=max(sizes)), max(sizes)
    if few < many:
        growth = took[many] / max(took[few], 0.001) / (many / few)
        sheet.put("clauses.growth", f"time a person, {many:,} people to {few:,}", "times", column, growth)


def main(arguments: Sequence[str]) -> None:
    """Do what is asked and print it."""
    django.setup()
    what = {"fill": fill, "judge": judge}[arguments[0]]
    json.dump(what(int(arguments[1])), sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1:])
