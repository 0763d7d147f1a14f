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
    from bench.changes import recording  # noqa: PLC0415 - after django.setup()
    from bench.inside import facts  # noqa: PLC0415
    from qizhi.org.models import Account  # noqa: PLC0415

    people = facts()
    record = recording(Account.objects.get(username=people[place % len(people)]["secretary"]))
    print("ready", flush=True)
    sys.stdin.readline()
    end, done = time.perf_counter() + seconds, 0
    while time.perf_counter() < end:
        record()
        done += 1
    print(done, flush=True)


if __name__ == "__main__":
    django.setup()
    main(float(sys.argv[1]), int(sys.argv[2]))
