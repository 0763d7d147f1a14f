"""`python3 qz.py test`: everything that a machine can hold us to, and a table at the end."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

from qzlib import locks, told
from qzlib.places import PYTHON, ROOT, VENV, data_dir, django_environ
from qzlib.postgres import temporary_server
from qzlib.say import StopError, say, table

DJADE = ("--target-version", "5.2")
BROWSER_TESTS = "tests/browser"
NO_TESTS = 5  # pytest's exit code when it ran none
CHROMIUM = (
    # Debian's Chromium without a window first: what it need not draw saves a fifth of the time.
    *(
        "/usr/bin/chromium-headless-shell",
        "/usr/bin/chromium",
        "/usr/bin/chromium-browser",
        "/usr/bin/google-chrome",
        "/usr/bin/google-chrome-stable",
    ),
    *("/opt/google/chrome/chrome", "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
)


@dataclass(frozen=True)
class Result:
    """How a step ended: ok, FAILED or skipped."""

    name: str
    outcome: str
    seconds: float


def run_all(pytest_arguments: list[str], *, is_fast: bool) -> int:
    """Run all steps, or with `is_fast` the quick ones up to the first that fails; 1 if any failed."""
    environ = surroundings()
    told.forget()
    results = fast(environ, pytest_arguments) if is_fast else everything(environ, pytest_arguments)
    failed = [result.name for result in results if result.outcome == "FAILED"]
    told.tell()
    say("\n" + table([(result.name, result.outcome, result.seconds) for result in results]))
    say(f"✗ FAILED 未通过: {', '.join(failed)}" if failed else "✓ All passed 全部通过")
    return 1 if failed else 0


def surroundings(database_url: str = "") -> dict[str, str]:
    """Surroundings of a test run: a data folder of its own, so that no real data is near.

    Two engines have two folders: their suites may run side by side.
    """
    folder = data_dir() / ("test-server" if database_url else "test")
    (folder / "static").mkdir(parents=True, exist_ok=True)  # whitenoise warns where there is none
    return {
        **django_environ("test", database_url or f"sqlite:///{folder / 'test.sqlite3'}"),
        "QIZHI_DATA_DIR": str(folder),
        "QZ_TOLD": str(told.file()),
        "PATH": f"{VENV / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}",
    }


def everything(environ: Mapping[str, str], pytest_arguments: list[str]) -> list[Result]:
    """Checks two at a time, then the suite on SQLite, then PostgreSQL and the browser side by side.

    A browser waits half of its time, and a server of databases a part of it: together they fill the cores.
    The types, which one core reads for as long as all else takes twice, go on beside the first tests.
    """
    results = [lock_files()]
    types, *others = static_checks().items()
    with ThreadPoolExecutor(1) as aside:
        typed = aside.submit(quiet, *types, environ)
        results += [quiet(*one, environ) for one in others]
        results.append(suite("pytest SQLite", environ, ["-m", "not browser", *workers()], pytest_arguments))
        results.append(typed.result())
    with ThreadPoolExecutor(1) as aside:
        postgres = aside.submit(on_postgres, pytest_arguments)
        browser = in_browser(environ, pytest_arguments)
    return [*results, postgres.result(), browser, all_goals(browser, pytest_arguments)]


def fast(environ: Mapping[str, str], pytest_arguments: list[str]) -> list[Result]:
    """Lint and the suite on SQLite; stop at the first failure."""
    steps: list[Callable[[], Result]] = [
        *(partial(quiet, name, static_checks()[name], environ) for name in ("ruff", "format", "imports")),
        lambda: suite("pytest SQLite", environ, ["-m", "not browser", "-x", *workers()], pytest_arguments),
    ]
    results: list[Result] = []
    for one in steps:
        results.append(one())
        if results[-1].outcome == "FAILED":
            break
    return results


def static_checks() -> dict[str, list[str]]:
    """Name → command of each check that reads the code."""
    python = [str(PYTHON), "-m"]
    return {
        "mypy": [*python, "mypy", "qizhi", "qzlib", "qz.py"],
        "ruff": ["ruff", "check", "."],
        "format": ["ruff", "format", "--check", "."],
        "imports": ["lint-imports"],
        "djlint": ["djlint", "qizhi", "--lint", "--quiet"],
        "djade": ["djade", "--check", *DJADE, *templates()],
        "migrations": [*python, "django", "makemigrations", "--check", "--dry-run"],
        "django check": [*python, "django", "check", "--fail-level", "WARNING"],
    }


def format_all() -> int:
    """Format code and templates; return 1 if a tool failed."""
    environ = surroundings()
    commands = [
        ["ruff", "check", "--fix", "--quiet", "."],
        ["ruff", "format", "."],
        ["djade", *DJADE, *templates()],
    ]
    done = [subprocess.run(command, cwd=ROOT, env=environ, check=False).returncode for command in commands]
    # djade answers 1 when it changed a file: that is what was asked for.
    return 1 if done[0] or done[1] else 0


def templates() -> list[str]:
    """Paths of all templates."""
    return sorted(str(path.relative_to(ROOT)) for path in ROOT.glob("qizhi/**/templates/**/*.html"))


def quiet(name: str, command: list[str], environ: Mapping[str, str]) -> Result:
    """Run a check; show what it said only if it fails."""
    start = time.monotonic()
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=dict(environ),
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    seconds = time.monotonic() - start
    if done.returncode:
        say(f"✗ {name} ({seconds:.1f} s)\n{done.stdout.rstrip()}")
        return Result(name, "FAILED", seconds)
    say(f"✓ {name} ({seconds:.1f} s)")
    return Result(name, "ok", seconds)


def lock_files() -> Result:
    """Hold the lock files to their promises."""
    start = time.monotonic()
    found = locks.problems()
    for problem in found:
        say(f"✗ lock files: {problem}")
    return Result("lock files", "FAILED" if found else "ok", time.monotonic() - start)


def suite(
    name: str,
    environ: Mapping[str, str],
    options: list[str],
    pytest_arguments: list[str],
    *,
    is_aside: bool = False,
) -> Result:
    """Run pytest in the open, or `is_aside` of another and then tell what it said.

    No test at all is a failure, unless the person chose which to run.
    """
    say(f"… {name}")
    start = time.monotonic()
    done = subprocess.run(
        [str(PYTHON), "-m", "pytest", "-q", *options, *pytest_arguments],
        cwd=ROOT,
        env=dict(environ),
        text=True,
        stdout=subprocess.PIPE if is_aside else None,
        stderr=subprocess.STDOUT if is_aside else None,
        check=False,
    )
    code, seconds = done.returncode, time.monotonic() - start
    if is_aside:
        say(f"\n{name}:\n{done.stdout.rstrip()}\n")
    if code == NO_TESTS and pytest_arguments:
        return Result(name, "skipped", seconds)
    return Result(name, "FAILED" if code else "ok", seconds)


def on_postgres(pytest_arguments: list[str]) -> Result:
    """The same suite on PostgreSQL."""
    name = "pytest PostgreSQL"
    try:
        with temporary_server() as url:
            options = ["-m", "not browser and not once", *workers()]
            return suite(name, surroundings(url), options, pytest_arguments, is_aside=True)
    except StopError as error:
        say(f"✗ {name}: {error}")
        return Result(name, "FAILED", 0)


def in_browser(environ: Mapping[str, str], pytest_arguments: list[str]) -> Result:
    """The tests that drive a browser, if there is one."""
    name = "pytest browser"
    chromium = find_chromium()
    if chromium is None:
        say(f"- {name}: skipped, no Chromium here 未找到 Chromium，跳过浏览器测试 (apt-get install chromium)")
        return Result(name, "skipped", 0)
    # Playwright keeps a loop in the thread of the tests; without the last word Django refuses its database.
    surrounded = {**environ, "QIZHI_CHROMIUM": chromium, "DJANGO_ALLOW_ASYNC_UNSAFE": "1"}
    # They stand in a folder of their own: to read all the others takes each worker fifteen seconds.
    where = [] if pytest_arguments else [BROWSER_TESTS]
    return suite(name, surrounded, ["-m", "browser", *workers("load"), *where], pytest_arguments)


def all_goals(browser: Result, pytest_arguments: list[str]) -> Result:
    """Each goal of the product has told its figure, unless the person chose which tests to run."""
    missing = told.missing(told.lines(), has_browser=browser.outcome != "skipped")
    if not missing or pytest_arguments:
        return Result("goals", "skipped" if missing else "ok", 0)
    say(f"✗ goals: no test has told 没有测试说明: {', '.join(missing)}")
    return Result("goals", "FAILED", 0)


def find_chromium() -> str | None:
    """Path of a Chromium or Chrome; `QIZHI_CHROMIUM` decides where it is set."""
    candidates = [os.environ.get("QIZHI_CHROMIUM", ""), *CHROMIUM]
    return next((path for path in candidates if path and shutil.which(path)), None)


def workers(dist: str = "loadfile") -> list[str]:
    """As many workers as cores, at most four; a file stays on one, for the rows left standing."""
    return ["-n", str(min(os.cpu_count() or 1, 4)), "--dist", dist, "--no-loadscope-reorder"]
