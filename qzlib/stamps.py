"""Stamps: a hash of what a step was made from, kept beside what it made, so that it runs only when needed."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

from qzlib.places import ROOT


def digest(paths: Iterable[Path], *extra: str) -> str:
    """Hash of the names and contents of files; a folder stands for all files below it.

    A path that does not exist counts as absent, so that its appearance changes the hash. Names are taken from
    the root of the project: a checkout that moved is still built.
    """
    sha = hashlib.sha256()
    for path in paths:
        for file in sorted(_files(path)):
            sha.update(Path(os.path.relpath(file, ROOT)).as_posix().encode() + b"\0")
            sha.update(hashlib.sha256(file.read_bytes()).digest())
        sha.update(b"\n")
    for text in extra:
        sha.update(text.encode() + b"\0")
    return sha.hexdigest()


def is_current(stamp: Path, wanted: str) -> bool:
    """Whether the stamp says that what stands beside it was made from `wanted`."""
    try:
        return stamp.read_text(encoding="utf-8").strip() == wanted
    except OSError:
        return False


def write(stamp: Path, value: str) -> None:
    """Say that the step is done; only after it is."""
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(value + "\n", encoding="utf-8")


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        return [file for file in path.rglob("*") if file.is_file() and "__pycache__" not in file.parts]
    return [path] if path.is_file() else []
