"""The lock files: made by `python3 qz.py lock`, held to their promises by `python3 qz.py test`."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

from qzlib.install import DEV_LOCK, NODE_LOCK, NPM_LOCK, RUN_LOCK, find_node
from qzlib.places import ROOT, VENV
from qzlib.say import StopError, step

MOST_RUN_TIME_PACKAGES = 40
PIN = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)", re.MULTILINE)
# An address says where somebody's machine fetched from; what is fetched is said by the hashes.
ADDRESS = re.compile(r"://|file:|--(?:index|extra-index|find-links|trusted-host)")


def pins(text: str) -> dict[str, str]:
    """Package name → version of a requirements lock."""
    return dict(PIN.findall(text))


def problems() -> list[str]:
    """Each broken promise of the locks in a sentence; empty when all is well."""
    found = []
    texts = {lock.name: lock.read_text(encoding="utf-8") for lock in (RUN_LOCK, DEV_LOCK, NODE_LOCK)}
    for name, text in texts.items():
        found += requirement_problems(name, text)
    run_time, development = pins(texts[RUN_LOCK.name]), pins(texts[DEV_LOCK.name])
    if len(run_time) > MOST_RUN_TIME_PACKAGES:
        found.append(f"{len(run_time)} run-time packages; at most {MOST_RUN_TIME_PACKAGES}")
    found += [
        f"{name} is {version} to run and {development.get(name)} to develop"
        for name, version in run_time.items()
        if development.get(name) != version
    ]
    found += [f"{name} is in pyproject.toml but not locked" for name in sorted(_direct() - run_time.keys())]
    return found + npm_problems(json.loads(NPM_LOCK.read_text(encoding="utf-8")))


def requirement_problems(name: str, text: str) -> list[str]:
    """Addresses in, and packages without a hash of, one requirements lock."""
    blocks = [block for block in re.split(r"\n(?=[a-z0-9])", text) if PIN.match(block)]
    return [
        *(f"{name} names an address: {line}" for line in text.splitlines() if ADDRESS.search(line)),
        *(f"{name}: no hash for {block.split()[0]}" for block in blocks if "--hash=sha256:" not in block),
    ]


def npm_problems(lock: dict[str, dict[str, dict[str, object]]]) -> list[str]:
    """The same for package-lock.json: no address to fetch from, an integrity hash for every package."""
    packages = {name: package for name, package in lock["packages"].items() if name}
    return [
        *(
            f"package-lock.json names an address for {name}"
            for name, one in packages.items()
            if "resolved" in one
        ),
        *(
            f"package-lock.json: no hash for {name}"
            for name, one in packages.items()
            if "integrity" not in one
        ),
    ]


def update() -> int:
    """Make all locks anew from pyproject.toml and package.json."""
    uv = shutil.which("uv", path=f"{VENV / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}")
    if uv is None:
        message = "uv is missing 缺少 uv. Install it 请安装: python3 -m pip install uv"
        raise StopError(message)
    common = [
        *(
            uv,
            "pip",
            "compile",
            "--quiet",
            "--upgrade",
            "--generate-hashes",
            "--no-emit-index-url",
            "--no-header",
        ),
        *("--no-annotate", "--universal", "--python-version", "3.11"),
    ]
    node = find_node(os.environ)
    if node is None:
        message = "Node.js is missing 缺少 Node.js"
        raise StopError(message)
    commands = {
        RUN_LOCK: [*common, "pyproject.toml", "-o", str(RUN_LOCK)],
        DEV_LOCK: [*common, "pyproject.toml", "--group", "dev", "-c", str(RUN_LOCK), "-o", str(DEV_LOCK)],
        NODE_LOCK: [*common, "--group", "node", "-o", str(NODE_LOCK)],
        NPM_LOCK: [node.npm, "install", "--package-lock-only", "--omit-lockfile-registry-resolved"],
    }
    for lock, command in commands.items():
        with step(f"Lock 锁定 {lock.name}"):
            subprocess.run(command, cwd=ROOT, check=True)
    for problem in problems():
        raise StopError(problem)
    return 0


def _direct() -> set[str]:
    project = tomllib.loads(Path(ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return {re.split(r"[\[<>=~!; ]", line, maxsplit=1)[0].lower() for line in project["dependencies"]}
