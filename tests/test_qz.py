"""The parts of `qz.py` that decide something."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from qzlib import checks, cli, install, locks, server, stamps, told
from qzlib.places import ROOT
from qzlib.say import StopError


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "one.js").write_text("1")
    return tmp_path


def test_a_stamp_holds_until_a_source_changes(folder):
    stamp = folder / "made" / ".stamp"
    wanted = stamps.digest([folder / "a"])
    assert not stamps.is_current(stamp, wanted)
    stamps.write(stamp, wanted)
    assert stamps.is_current(stamp, stamps.digest([folder / "a"]))

    (folder / "a" / "one.js").write_text("2")
    assert not stamps.is_current(stamp, stamps.digest([folder / "a"]))


def test_a_new_a_renamed_and_a_missing_file_change_the_digest(folder):
    before = stamps.digest([folder / "a", folder / "absent.json"])
    (folder / "absent.json").write_text("{}")
    assert stamps.digest([folder / "a", folder / "absent.json"]) != before

    before = stamps.digest([folder / "a"])
    (folder / "a" / "one.js").rename(folder / "a" / "two.js")
    assert stamps.digest([folder / "a"]) != before


def test_a_taken_port_gives_the_next_one():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert port < server.free_port("127.0.0.1", port) < port + server.PORTS_TRIED


def test_no_free_port_is_said(monkeypatch):
    monkeypatch.setattr(server, "PORTS_TRIED", 1)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(StopError, match="--port"):
            server.free_port("127.0.0.1", taken.getsockname()[1])


@pytest.mark.parametrize(
    ("version", "is_enough"),
    [
        ("v20.19.0", True),
        ("v20.20.2", True),
        ("v22.12.0", True),
        ("v24.1.0", True),
        ("v20.18.3", False),
        ("v21.7.0", False),
        ("v22.11.0", False),
        ("v18.20.4", False),
        ("", False),
        ("not a version", False),
    ],
)
def test_node_must_be_one_that_vite_takes(version, is_enough):
    assert install.is_new_enough(version) is is_enough


def test_an_old_node_is_not_taken(tmp_path, monkeypatch):
    monkeypatch.setattr(install, "VENV", tmp_path / "venv")
    for name, says in (("node", "v18.0.0"), ("npm", "10.0.0")):
        program = tmp_path / name
        program.write_text(f"#!/bin/sh\necho {says}\n")
        program.chmod(0o755)
    assert install.find_node({"PATH": str(tmp_path)}) is None

    (tmp_path / "node").write_text("#!/bin/sh\necho v22.12.0\n")
    found = install.find_node({"PATH": str(tmp_path)})
    assert found == install.Node(str(tmp_path / "node"), str(tmp_path / "npm"))


def test_missing_node_is_said_in_one_line(monkeypatch):
    def no_index(_lock):
        message = "no package index"
        raise StopError(message)

    monkeypatch.setattr(install, "make_venv", lambda: None)
    monkeypatch.setattr(install, "pip_install", no_index)
    with pytest.raises(StopError, match=r"Node\.js .* is missing .* apt-get install nodejs npm") as caught:
        install.install_node()
    assert "\n" not in str(caught.value)


def test_a_failing_tool_shows_the_end_of_what_it_said():
    with pytest.raises(StopError, match=r"(?s)did not work.*the reason"):
        install.run([sys.executable, "-c", "print('the reason'); raise SystemExit(3)"], "did not work")


def test_an_unknown_argument_is_refused_before_anything_is_installed(monkeypatch, capsys):
    monkeypatch.setattr(install, "prepare", lambda **_: pytest.fail("must not install"))
    assert cli.main(["demo", "--colour"]) == 1
    assert "--colour" in capsys.readouterr().err


def test_arguments_after_test_go_to_pytest(monkeypatch):
    seen = []
    monkeypatch.setattr(install, "prepare", lambda **options: seen.append(options))
    monkeypatch.setattr(checks, "run_all", lambda words, *, is_fast: seen.append((words, is_fast)) or 0)
    assert cli.main(["test", "--fast", "-k", "stamp", "tests/test_qz.py"]) == 0
    assert seen == [
        {"is_dev": True, "meanwhile": None, "once_built": None},
        (["-k", "stamp", "tests/test_qz.py"], True),
    ]


def test_what_needs_packages_and_front_end_waits_for_both(monkeypatch):
    done, is_ready = [], threading.Event()
    monkeypatch.setattr(install, "_needs_packages", lambda **_: True)
    monkeypatch.setattr(install, "make_venv", lambda: None)
    monkeypatch.setattr(install, "build_front_end", lambda: (done.append("built"), is_ready.set()))

    def packages(**_):
        assert is_ready.wait(10)  # the front end is built first, and what needs both still waits
        done.append("packages")

    monkeypatch.setattr(install, "install_packages", packages)
    install.prepare(is_dev=False, once_built=lambda: done.append("static"))
    assert done == ["built", "packages", "static"]


def test_a_failed_step_makes_the_whole_run_fail(monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("QIZHI_DATA_DIR", str(tmp_path))
    results = [checks.Result("ruff", "ok", 0.1), checks.Result("mypy", "FAILED", 2)]
    monkeypatch.setattr(checks, "everything", lambda *_: results)
    assert checks.run_all([], is_fast=False) == 1
    assert "mypy" in capsys.readouterr().err.splitlines()[-1]
    monkeypatch.setattr(checks, "everything", lambda *_: results[:1])
    assert checks.run_all([], is_fast=False) == 0


def test_missing_migrations_are_those_that_the_file_has_not_seen(tmp_path):
    missing = server.missing_migrations(tmp_path / "none.sqlite3")
    assert ("org", "0001_initial") in missing
    assert not (tmp_path / "none.sqlite3").exists()


def test_the_lock_check_sees_addresses_and_missing_hashes():
    good = "django==5.2.19 \\\n    --hash=sha256:aa\nsqlparse==0.6.1 \\\n    --hash=sha256:bb\n"
    assert locks.requirement_problems("r.txt", good) == []
    assert locks.pins(good) == {"django": "5.2.19", "sqlparse": "0.6.1"}
    bad = "--index-url https://example.org/simple\ndjango==5.2.19\n"
    assert len(locks.requirement_problems("r.txt", bad)) == 2
    packages = {"": {}, "node_modules/a": {"resolved": "x", "integrity": "y"}, "node_modules/b": {}}
    assert len(locks.npm_problems({"packages": packages})) == 2


def test_the_locks_keep_their_promises():
    assert locks.problems() == []


def test_an_old_python_is_told_in_one_line(tmp_path):
    script = (
        "import runpy, sys; sys.version_info = (3, 9, 2); sys.argv = ['qz.py', 'demo'];"
        f"runpy.run_path({str(ROOT / 'qz.py')!r}, run_name='__main__')"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "3.9.2" in done.stdout
    assert "Traceback" not in done.stderr


def test_qz_says_its_commands():
    done = subprocess.run(
        [sys.executable, str(Path(ROOT) / "qz.py"), "--help"], capture_output=True, text=True, check=True
    )
    for command in ("demo", "serve", "test", "setup", "lock", "manage", "bench"):
        assert command in done.stdout


def test_what_the_tests_told_is_told_once_goals_first_and_a_silent_goal_is_a_failure(
    tmp_path, monkeypatch, capsys
):
    monkeypatch.setenv("QIZHI_DATA_DIR", str(tmp_path))
    assert told.lines() == []
    lines = [f"{goal}: shown" for goal in told.GOALS if goal not in {"G1", "G7"}]
    told.file().write_text("\n".join(["Keyboard: 12 keys", *lines, *lines]) + "\n", encoding="utf-8")
    assert told.lines() == [*lines, "Keyboard: 12 keys"]
    told.tell()
    assert capsys.readouterr().err.count("G10: shown") == 1
    browser = checks.Result("pytest browser", "ok", 1)
    assert told.missing(lines, has_browser=True) == ["G1", "G7"]
    assert checks.all_goals(browser, []).outcome == "FAILED"
    assert "G1, G7" in capsys.readouterr().err
    assert checks.all_goals(browser, ["-k", "one"]).outcome == "skipped"
    without = checks.Result("pytest browser", "skipped", 0)
    assert checks.all_goals(without, []).outcome == "FAILED"
    assert capsys.readouterr().err.endswith(": G7\n")
    told.forget()
    assert told.lines() == []
