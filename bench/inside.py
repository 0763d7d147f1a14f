"""What only the inside knows: addresses of pages, statements a page sends, rows that are there.

Run as `python -m bench.inside facts|statements|compliance|rows` where the server runs; prints JSON.
"""

from __future__ import annotations

import gc
import json
import re
import sys
import time
from functools import partial
from typing import Any

import django
from django.db import connection
from django.db.models import Count
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bench.arithmetic import percentile

PEOPLE = 8
"""At most so many bureaus have people who take part; the others are there as weight."""
SCREENS = 20
JUDGED_ALONE = 10
FEW_TIMES, MANY_BUREAUS = 3, 5
CONTROL = re.compile(r"^(BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|SET )", re.IGNORECASE)


def facts() -> list[dict[str, Any]]:
    """For each bureau that takes part: accounts, and the addresses of its pages."""
    from qizhi.gatherings.models import Gathering  # noqa: PLC0415 - after django.setup()
    from qizhi.org.models import Account, Bureau  # noqa: PLC0415
    from qizhi.sample.accounts import password  # noqa: PLC0415

    found = []
    for bureau in Bureau.objects.order_by("code")[:PEOPLE]:
        names = dict(_account_names(Account.objects.filter(bureau=bureau).values_list("username", flat=True)))
        held = Gathering.objects.held().filter(bureau=bureau)
        fullest = held.annotate(lines=Count("roll")).order_by("-lines", "id")[0]
        latest = held.filter(unit__kind="branch").latest("held_on")
        found.append(
            {
                "code": bureau.code,
                "password": password(),
                "officer": names["officer"],
                "secretary": names["secretary"],
                "pages": {
                    "home": reverse("web:home"),
                    "list": reverse("gatherings:gatherings"),
                    "detail": reverse("gatherings:detail", args=[fullest.pk]),
                    "figures": reverse("reports:figures"),
                    "overview": reverse("reports:overview"),
                },
                "files": {kind: reverse("reports:overview_file", args=[kind]) for kind in ("docx", "pdf")},
                "screens": [f"{reverse('branch_life:bureau')}?year={year}&part=y" for year in last_years()],
                "day": latest.held_on.isoformat(),
                "record": reverse("gatherings:record"),
            }
        )
    return found


def last_years() -> list[int]:
    """The three last whole years."""
    from qizhi.core import clock  # noqa: PLC0415 - after django.setup()

    this_year = clock.today().year
    return list(range(this_year - 3, this_year))


def _account_names(usernames: Any) -> list[tuple[str, str]]:
    """Role and user name: copies carry the bureau's number behind the role."""
    return [(re.sub(r"-\d{3}$", "", name), name) for name in sorted(usernames, reverse=True)]


def statements() -> dict[str, dict[str, int]]:
    """Statements of each page of the first bureau right after an ordinary change and while nothing changes.

    `new` is the most after one of the changes, each of which stands beside it by its name. All leave out
    what only steers a transaction, which `steering` counts.
    """
    from bench.changes import ordinary  # noqa: PLC0415 - after django.setup()
    from qizhi.org.models import Account  # noqa: PLC0415

    here = facts()[0]
    client = Client(HTTP_HOST="127.0.0.1", raise_request_exception=True)
    client.force_login(Account.objects.get(username=here["officer"]))
    changes = ordinary(here["secretary"])
    pages = {**here["pages"], "list_few": f"{here['pages']['list']}?from={here['day']}&to={here['day']}"}
    counted = {}
    for name, path in pages.items():
        client.get(path)  # what a process learns once, it has learnt
        after = {}
        for what, change in changes.items():
            change()
            after[what] = _asked(_texts(client, path))
        kept = _texts(client, path)
        counted[name] = {
            "new": max(after.values()),
            **after,
            "kept": _asked(kept),
            "steering": len(kept) - _asked(kept),
        }
    return counted


def _asked(texts: list[str]) -> int:
    return sum(not CONTROL.match(text) for text in texts)


def _texts(client: Client, path: str) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        status = client.get(path).status_code
    if status != 200:
        message = f"{path} answered {status}"
        raise RuntimeError(message)
    return [query["sql"] for query in captured.captured_queries]


def compliance() -> dict[str, float]:
    """Seconds to judge every clause for all branches over three years, and p95 of the two screens in ms.

    Of few bureaus the median of three runs: the first of a process also reads the code and builds statements.
    Nothing is kept between two runs, nor from one bureau to the next; many bureaus are shared by the cores,
    as by the command `findings`. What a branch takes is asked of one process that judges at most
    `JUDGED_ALONE` bureaus, spread over all of them, one after the other: the cores have no part in it.
    """
    from django.contrib.sessions.backends.db import SessionStore  # noqa: PLC0415 - after django.setup()

    from qizhi.branch_life.queries import accountable_units, states  # noqa: PLC0415
    from qizhi.branch_life.queries.findings import tally  # noqa: PLC0415
    from qizhi.core import clock, parallel, periods  # noqa: PLC0415
    from qizhi.org.models import Bureau  # noqa: PLC0415

    years, today = last_years(), clock.today()
    span = periods.years(years[0], years[-1])
    bureaus = list(Bureau.objects.order_by("code"))
    times = []
    for _ in range(FEW_TIMES if len(bureaus) < MANY_BUREAUS else 1):
        SessionStore().save(must_create=True)  # a change: nothing is kept any more
        start = time.perf_counter()
        found = parallel.each(partial(tally, span=span, as_of=today), [bureau.pk for bureau in bureaus])
        times.append(time.perf_counter() - start)
    took = sorted(times)[len(times) // 2]
    branches = sum(one.branches for one in found)
    alone = bureaus[:: -(-len(bureaus) // JUDGED_ALONE)]
    each = [_judged_alone(bureau.pk, span, today) for bureau in alone]
    here = list(accountable_units(bureaus[0].pk, span))

    def p95(wanted: list[Any]) -> float:
        times = []
        for _ in range(SCREENS):
            begun = time.perf_counter()
            states(bureaus[0].pk, wanted, span, today)
            times.append((time.perf_counter() - begun) * 1000)
        return percentile(times, 95)

    return {
        "branches": branches,
        "run": took,
        "each": sum(each) / len(each),
        "branch": p95(here[:1]),
        "bureau": p95(here),
    }


def _judged_alone(bureau_id: Any, span: Any, today: Any) -> float:
    """Milliseconds a branch to judge every clause of one bureau right after a change; the least of three."""
    from django.contrib.sessions.backends.db import SessionStore  # noqa: PLC0415 - after django.setup()

    from qizhi.branch_life.queries.findings import tally  # noqa: PLC0415

    times = []
    for _ in range(3):
        SessionStore().save(must_create=True)  # a change: nothing is kept any more
        start = time.perf_counter()
        branches = tally(bureau_id, span, today).branches
        times.append((time.perf_counter() - start) * 1000 / branches)
    return min(times)


def rows() -> dict[str, int]:
    """How many gatherings and events of the log there are."""
    from qizhi.core.models import AuditEvent  # noqa: PLC0415 - after django.setup()
    from qizhi.gatherings.models import Gathering  # noqa: PLC0415

    return {"gatherings": Gathering.objects.count(), "events": AuditEvent.objects.count()}


COMMANDS = {"facts": facts, "statements": statements, "compliance": compliance, "rows": rows}

if __name__ == "__main__":
    django.setup()
    gc.freeze()  # as the server does: what is loaded is no rubbish
    gc.set_threshold(20_000, 20, 20)
    json.dump(COMMANDS[sys.argv[1]](), sys.stdout)
