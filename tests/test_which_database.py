"""Which database a command asks, and that asking leaves no empty file behind."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import urllib.request

import pytest

from qzlib import databases, server
from qzlib.places import ROOT
from qzlib.say import StopError

FIGURES = ["--as-of", "2018-01-31", "--json"]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty data folder; how often the sample and one's own copy were filled."""
    monkeypatch.setenv("QIZHI_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    return tmp_path


@pytest.fixture
def filled(folder, monkeypatch):
    done = []
    monkeypatch.setattr(server, "fill_demo", lambda bureaus: done.append("demo"))
    monkeypatch.setattr(server, "fill_production", lambda: done.append("own"))
    return done


def make(file, *, bureaus=0, is_current=True):
    """A database with nothing but what is asked of it."""
    with contextlib.closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("CREATE TABLE org_bureau (code)")
        connection.execute("CREATE TABLE django_migrations (app, name)")
        connection.executemany("INSERT INTO org_bureau VALUES (?)", [("b",)] * bureaus)
        if is_current:
            seen = server.missing_migrations(file)
            connection.executemany("INSERT INTO django_migrations VALUES (?, ?)", seen)


def asked(command, *words):
    """Name of the database that would be asked, and the mode, after what has to be done for it."""
    database, rest = databases.choose(command, list(words))
    database.prepare()
    assert "--demo" not in rest
    return database.environ["DATABASE_URL"].rpartition("/")[2], database.environ["QIZHI_MODE"]


@pytest.mark.parametrize("command", databases.NEED_ROWS)
def test_without_any_database_the_sample_is_made(folder, filled, command):
    assert asked(command, *FIGURES) == ("demo.sqlite3", "demo")
    assert filled == ["demo"]
    assert [*folder.iterdir()] == []


def test_ones_own_copy_is_asked_when_it_has_a_bureau(folder, filled, capsys):
    make(folder / "qizhi.sqlite3", bureaus=1)
    assert asked("figures", *FIGURES) == ("qizhi.sqlite3", "serve")
    assert capsys.readouterr().err == ""
    make(folder / "demo.sqlite3", bureaus=1)
    assert asked("figures", *FIGURES) == ("qizhi.sqlite3", "serve")
    assert "--demo" in capsys.readouterr().err
    assert asked("figures", "--demo", *FIGURES) == asked("figures", *FIGURES, "--demo")
    assert asked("overview", "--demo") == ("demo.sqlite3", "demo")
    assert set(filled) == {"demo"}


@pytest.mark.parametrize("content", ["nothing", "tables", "no database"])
def test_a_copy_without_a_bureau_hides_the_sample_no_more(folder, filled, capsys, content):
    own = folder / "qizhi.sqlite3"
    if content == "tables":
        make(own)
    else:
        own.write_bytes(b"" if content == "nothing" else b"words")
    assert asked("figures", *FIGURES) == ("demo.sqlite3", "demo")
    assert filled == ["demo"]
    told = capsys.readouterr().err
    assert "no bureau yet" in told
    assert told.count("\n") == 1


def test_a_copy_of_an_earlier_version_is_left_as_it_is(folder, filled):
    make(folder / "qizhi.sqlite3", bureaus=1, is_current=False)
    with pytest.raises(StopError, match=r"serve.* brings it up to date") as told:
        asked("figures", *FIGURES)
    assert "\n" not in str(told.value)
    assert filled == []


def test_a_named_database_is_asked_and_never_made(folder, filled, monkeypatch, tmp_path):
    other = tmp_path / "other.sqlite3"
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{other}")
    with pytest.raises(StopError, match="There is no database"):
        asked("overview", *FIGURES)
    assert not other.exists()
    make(other, bureaus=1)
    assert asked("overview", *FIGURES)[0] == "other.sqlite3"
    assert asked("overview", "--demo", *FIGURES) == ("demo.sqlite3", "demo")
    monkeypatch.setenv("DATABASE_URL", "postgres://nobody@127.0.0.1:1/none")
    with pytest.raises(StopError, match="cannot be asked") as told:
        asked("overview", *FIGURES)
    assert "\n" not in str(told.value)


def test_other_commands_take_what_is_there(folder, filled):
    assert asked("manage", "migrate") == ("qizhi.sqlite3", "serve")
    assert filled == ["own"]
    assert asked("rulebook", "--check") == asked("cases", "a.yaml") == ("qizhi.sqlite3", "serve")
    assert asked("figures", "--help") == ("qizhi.sqlite3", "serve")
    assert filled == ["own"]
    make(folder / "demo.sqlite3")
    (folder / "qizhi.sqlite3").write_bytes(b"")
    assert asked("manage", "check") == asked("manage", "--demo", "check") == ("demo.sqlite3", "demo")
    assert asked("cases", "--bureau", "b") == ("demo.sqlite3", "demo")
    make(folder / "qizhi.sqlite3")
    assert asked("manage", "check") == ("qizhi.sqlite3", "serve")
    # A management command may have an option of that name: only the first word is ours.
    assert databases.choose("manage", ["x", "--demo"])[1] == ["x", "--demo"]


RUN = """
import sys
from qzlib import cli, install
def prepare(*, is_dev, meanwhile=None, once_built=None):  # packages and front end are there
    for work in (meanwhile, once_built):
        work and work()


install.prepare = prepare
sys.exit(cli.main(sys.argv[1:]))
"""


def qz(folder, *words, **more):
    own = {name: value for name, value in os.environ.items() if not name.startswith(("QIZHI_", "DATABASE_"))}
    return subprocess.Popen(
        [sys.executable, "-c", RUN, *words],
        cwd=ROOT,
        env={**own, "QIZHI_DATA_DIR": str(folder)},
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        **more,
    )


def page_of(process):
    """The first page of a server that has just been started, and what it said until then."""
    said = ""
    for line in process.stderr:
        said += line
        address = re.match(r"→ (http://\S+)", line)
        if address:
            opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
            with opener.open(address[1], timeout=30) as answer:
                assert answer.status == 200
                return answer.read().decode(), said
    raise AssertionError(said)


@contextlib.contextmanager
def started(folder, *words):
    process = qz(folder, *words)
    try:
        yield page_of(process)
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)


@pytest.mark.once
def test_demo_serve_and_a_question_as_a_newcomer_types_them(folder):
    """`serve` asks for a bureau; the sample is there all the same, for `demo` and for `figures`."""
    with started(folder, "serve", "--port", "8650") as (page, _):
        assert "<form" in page
    # A short sample under the name of a whole one: the whole one takes half a minute.
    empty = (sqlite3.connect(folder / "qizhi.sqlite3"), sqlite3.connect(folder / "demo.sqlite3"))
    with contextlib.closing(empty[0]) as own, contextlib.closing(empty[1]) as sample:
        own.backup(sample)
    shutil.copy(folder / "qizhi.stamp", folder / "demo.stamp")
    (folder / "demo.sample").write_text("1", encoding="utf-8")
    filling = qz(folder, "manage", "--demo", "sample", "--until", "2015-01-31")
    _, told = filling.communicate(timeout=60)
    assert filling.returncode == 0, told
    with started(folder, "demo", "--no-open", "--port", "8650") as (page, said):
        assert "secretary" in said
        assert "qizhi-demo" in page
    asking = qz(folder, "figures", "--as-of", "2015-01-31", "--json")
    out, told = asking.communicate(timeout=60)
    assert asking.returncode == 0, told
    found = {one["key"]: one for one in json.loads(out)}
    assert found["org.active_branches"]["counted"] == found["org.active_branches"]["rows"] == 13
    assert "no bureau yet" in told
    assert "✓" not in told  # everything was there
