"""A claim tells everybody what is being done, and ends with whoever does it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qizhi.core.db.turns import claim, claimed
from qizhi.core.tests.files import on_a_file

KEY, OTHER = uuid.UUID(int=2**127 + 5), uuid.UUID(int=7)
HOLD = """
import sys, time, uuid, django
django.setup()
from django.db import connections
from qizhi.core.db.turns import claim
settings = connections["default"].settings_dict
settings["NAME"] = sys.argv[2]
with claim("test.work", uuid.UUID(sys.argv[1])) as is_ours:
    print(is_ours, flush=True)
    time.sleep(60)
"""


@pytest.fixture
def living(tmp_path, transactional_db):
    with on_a_file(tmp_path / "living.sqlite3"):
        yield


def test_a_claim_is_seen_while_it_lasts_and_no_other_is_taken_for_it(db):
    with claim("test.work", KEY) as is_ours:
        assert is_ours
        assert claimed("test.work", [KEY, OTHER]) == {KEY}
        assert claimed("test.other", [KEY]) == set()
        with claim("test.work", KEY) as again, claim("test.work", OTHER) as another:
            assert (again, another) == (False, True)
            assert claimed("test.work", [KEY, OTHER]) == {KEY, OTHER}
        assert claimed("test.work", [KEY, OTHER]) == {KEY}
    assert claimed("test.work", [KEY, OTHER]) == set()


def test_a_claim_ends_with_an_error_too(db):
    with pytest.raises(LookupError), claim("test.work", KEY):
        raise LookupError
    assert claimed("test.work", [KEY]) == set()


@pytest.mark.parametrize("number", [0, 1, 3])
def test_many_are_asked_in_one_question(db, number):
    with CaptureQueriesContext(connection) as asked:
        assert claimed("test.work", [uuid.UUID(int=one) for one in range(number)]) == set()
    assert len(asked) == (1 if number and connection.vendor == "postgresql" else 0)


def test_a_claim_ends_with_its_process_however_it_dies(living):
    name = connection.settings_dict["NAME"]
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(KEY), name], env=os.environ, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "True\n"
    assert claimed("test.work", [KEY]) == {KEY}
    with claim("test.work", KEY) as is_ours:
        assert not is_ours
    holder.send_signal(signal.SIGKILL)
    holder.communicate()
    deadline = time.monotonic() + 20
    while claimed("test.work", [KEY]) and time.monotonic() < deadline:
        time.sleep(0.05)
    with claim("test.work", KEY) as is_ours:
        assert is_ours
