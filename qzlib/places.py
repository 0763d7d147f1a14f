"""Where things lie, and the surroundings in which Django runs."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
BUILD = ROOT / "qizhi" / "static_build"


def data_dir() -> Path:
    """Folder of the databases, the secret key and the collected static files."""
    return Path(os.environ.get("QIZHI_DATA_DIR") or ROOT / "var").resolve()


def sqlite_url(name: str) -> str:
    """Address of an SQLite file in the data folder."""
    return f"sqlite:///{data_dir() / name}"


def django_environ(mode: str, database_url: str) -> dict[str, str]:
    """The environment for a Django process; what the person set already is kept. Makes the data folder."""
    data_dir().mkdir(mode=0o700, parents=True, exist_ok=True)
    # Where this is set, as in many containers, Python would compile all of our code anew at every start.
    given = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {
        **given,
        "DJANGO_SETTINGS_MODULE": "qizhi.config.settings",
        "PYTHONPATH": str(ROOT),
        "PYTHONUTF8": "1",
        "QIZHI_MODE": mode,
        "QIZHI_DATA_DIR": str(data_dir()),
        "QIZHI_SECRET_KEY_FILE": os.environ.get("QIZHI_SECRET_KEY_FILE") or str(data_dir() / "secret_key"),
        "DATABASE_URL": database_url,
    }
