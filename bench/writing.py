"""Writers: processes that record gatherings through the service, as jobs and imports do; each on disk.

Run as `python -m bench.writing SECONDS BUREAU` in the surroundings of the server. Says `ready`, waits for a
line, records until the seconds are over, and prints how many were recorded. Permissions are checked and the
log is written as for a person: the actor is a branch secretary, the gathering an ordinary one of the branch
under a new id each time.
"""

from __future__ import annotations

import sys
import time

import django


def main(seconds: float, place: int) -> None:
    """Record for so long in the bureau at that place of the list."""
    from bench.inside import facts  # noqa: PLC0415 - after django.setup()
    from qizhi.core.ids import new_id  # noqa: PLC0415
    from qizhi.gatherings.models import Gathering  # noqa: PLC0415
    from qizhi.gatherings.permissions import RECORD  # noqa: PLC0415
    from qizhi.gatherings.services.facts import facts_of  # noqa: PLC0415
    from qizhi.gatherings.services.records import record_gathering  # noqa: PLC0415
    from qizhi.org.models import Account  # noqa: PLC0415
    from qizhi.org.queries import actor_of  # noqa: PLC0415

    people = facts()
    account = Account.objects.get(username=people[place % len(people)]["secretary"])
    actor = actor_of(account)
    own = Gathering.objects.held().filter(actor.reach(RECORD).units(), unit__kind="branch")
    known = own.select_related("unit", "chair", "series").order_by("-held_on").first()
    if known is None:
        message = f"{account} has no gathering to record again"
        raise RuntimeError(message)
    told = facts_of([known])[known.pk]
    print("ready", flush=True)
    sys.stdin.readline()
    end, done = time.perf_counter() + seconds, 0
    while time.perf_counter() < end:
        record_gathering(facts=told, by=actor, id=new_id())
        done += 1
    print(done, flush=True)


if __name__ == "__main__":
    django.setup()
    main(float(sys.argv[1]), int(sys.argv[2]))
