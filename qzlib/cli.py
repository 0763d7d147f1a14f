"""The commands of `qz.py`."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from functools import partial

from qzlib import checks, databases, install, locks, server
from qzlib.places import PYTHON, ROOT
from qzlib.say import StopError, say

# Management commands that one may call by their own name; `manage` takes any.
MANAGEMENT = ("figures", "overview", "findings", "run", "cases", "rulebook")
INTERRUPTED = 130
EPILOG = """\
and inside the environment 另有:
  figures, overview, findings, run, cases, rulebook ...   management commands
  manage COMMAND ...                       any other management command
  bench ...                                the benchmark

Management commands use DATABASE_URL if it is set, else your own var/qizhi.sqlite3 if it has a bureau,
else the sample bureau, which is made if it is not there. --demo takes the sample (manage --demo COMMAND).
"""


def main(arguments: list[str]) -> int:
    """Run a command; return its exit code. What is missing is said in one line, without a traceback."""
    try:
        if arguments and arguments[0] in {*MANAGEMENT, "manage", "bench"}:
            return pass_on(arguments[0], arguments[1:])
        return dispatch(*parser().parse_known_args(arguments))
    except StopError as error:
        say(f"✗ {error}")
        return 1
    except KeyboardInterrupt:
        return INTERRUPTED


def parser() -> argparse.ArgumentParser:
    """Commands and their options."""
    top = argparse.ArgumentParser(
        prog="qz.py", epilog=EPILOG, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    demo = commands.add_parser("demo", help="a sample bureau, ready to look at 示例局")
    demo.add_argument("--bureaus", type=int, help="how many bureaus to make (default 1)")
    demo.add_argument("--port", type=int, default=8000)
    demo.add_argument("--no-open", action="store_true", help="do not open a browser")
    serve = commands.add_parser("serve", help="the real thing, on var/qizhi.sqlite3 or DATABASE_URL 正式运行")
    serve.add_argument("--port", type=int, default=8000)
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--workers", type=int, default=2, help="processes of 16 threads each")
    test = commands.add_parser(
        "test", help="all checks and tests; other arguments go to pytest 全部检查与测试"
    )
    test.add_argument("--fast", action="store_true", help="lint and SQLite only, up to the first failure")
    commands.add_parser("setup", help="only install and build 只安装与构建")
    commands.add_parser("format", help="let ruff and djade format code and templates 统一格式")
    commands.add_parser("lock", help="renew the lock files 更新锁定文件")
    return top


def dispatch(chosen: argparse.Namespace, rest: list[str]) -> int:
    """Prepare what the command needs, then run it."""
    if rest and chosen.command != "test":
        message = f"Unknown argument 无法识别的参数: {' '.join(rest)}"
        raise StopError(message)
    if chosen.command == "lock":
        return locks.update()
    filling = {
        "demo": lambda: server.fill_demo(chosen.bureaus),
        "serve": server.fill_production,
    }
    is_dev, meanwhile = chosen.command in {"test", "format"}, filling.get(chosen.command)
    is_demo = chosen.command == "demo"
    once_built = partial(server.collect_static, is_demo=is_demo) if meanwhile else None
    install.prepare(is_dev=is_dev, meanwhile=meanwhile, once_built=once_built)
    if chosen.command == "format":
        return checks.format_all()
    if is_demo:
        return server.demo(port=chosen.port, is_opening=not chosen.no_open)
    if chosen.command == "serve":
        return server.production(host=chosen.host, port=chosen.port, workers=chosen.workers)
    if chosen.command == "test":
        return checks.run_all([word for word in rest if word != "--"], is_fast=chosen.fast)
    return 0


def pass_on(command: str, rest: list[str]) -> int:
    """Run a management command or the benchmark inside the environment; its output is its own."""
    if command == "bench":
        install.prepare(is_dev=True)
        module = ["bench", *rest]
        environ = {**os.environ, "PYTHONPATH": str(ROOT), "DJANGO_SETTINGS_MODULE": "qizhi.config.settings"}
    else:
        database, words = databases.choose(command, rest)
        install.prepare(is_dev=False, meanwhile=database.prepare)
        module = ["django", *([] if command == "manage" else [command]), *words]
        environ = database.environ
    sys.stdout.flush()
    return subprocess.run([str(PYTHON), "-m", *module], cwd=ROOT, env=environ, check=False).returncode
