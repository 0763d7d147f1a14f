"""Every environment variable the product reads, typed, in one place.

`docs/environment.md` lists the same names; a test compares the two.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from qizhi.core.values import dataclass

ROOT = Path(__file__).resolve().parents[2]
MODES = ("demo", "serve", "test")


@dataclass(frozen=True)
class Env:
    """What the surroundings say; built once by `read_env`."""

    mode: str
    data_dir: Path
    database_url: str
    secret_key_file: Path
    is_debug: bool
    allowed_hosts: tuple[str, ...]
    trusted_origins: tuple[str, ...]
    font_dir: Path | None
    is_https: bool
    sqlite_synchronous: str


VARIABLES: dict[str, str] = {
    "QIZHI_MODE": "demo, serve or test; demo shows the sample accounts on the log-in page",
    "QIZHI_DATA_DIR": "folder for the database, the secret key and uploads; default: var/",
    "DATABASE_URL": "sqlite:///path or postgres://user:password@host:port/name?sslmode=…",
    "QIZHI_SECRET_KEY_FILE": "file with the secret key; made at the first start",
    "QIZHI_DEBUG": "1 shows Django's error pages; never on a server that others reach",
    "QIZHI_ALLOWED_HOSTS": "names the server answers to, comma-separated; default: localhost",
    "QIZHI_TRUSTED_ORIGINS": "origins behind a proxy, comma-separated, with https://",
    "QIZHI_FONT_DIR": "folder with the office's own licensed fonts for the PDF",
    "QIZHI_HTTPS": "1 when the server stands behind https: cookies are then secure only",
    "QIZHI_SQLITE_SYNCHRONOUS": "NORMAL (default) or FULL",
}


def read_env(environ: dict[str, str] | None = None) -> Env:
    """Read the variables of `VARIABLES`; raise ValueError with the name of one that is wrong."""
    source = dict(os.environ) if environ is None else environ
    mode = source.get("QIZHI_MODE", "serve")
    if mode not in MODES:
        message = f"QIZHI_MODE is {mode!r}; it must be one of {', '.join(MODES)}"
        raise ValueError(message)
    synchronous = source.get("QIZHI_SQLITE_SYNCHRONOUS", "NORMAL").upper()
    if synchronous not in {"NORMAL", "FULL"}:
        message = f"QIZHI_SQLITE_SYNCHRONOUS is {synchronous!r}; it must be NORMAL or FULL"
        raise ValueError(message)
    data_dir = Path(source.get("QIZHI_DATA_DIR") or ROOT / "var")
    fonts = source.get("QIZHI_FONT_DIR")
    return Env(
        mode=mode,
        data_dir=data_dir,
        database_url=source.get("DATABASE_URL") or f"sqlite:///{data_dir / 'qizhi.sqlite3'}",
        secret_key_file=Path(source.get("QIZHI_SECRET_KEY_FILE") or data_dir / "secret_key"),
        is_debug=source.get("QIZHI_DEBUG") == "1",
        allowed_hosts=_names(source.get("QIZHI_ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")),
        trusted_origins=_names(source.get("QIZHI_TRUSTED_ORIGINS", "")),
        font_dir=Path(fonts) if fonts else None,
        is_https=source.get("QIZHI_HTTPS") == "1",
        sqlite_synchronous=synchronous,
    )


def secret_key(path: Path) -> str:
    """Return the key in `path`, making one (readable by its owner only) at the first start."""
    if path.exists():
        return path.read_text(encoding="utf-8").strip()
    path.parent.mkdir(parents=True, exist_ok=True)
    key = secrets.token_urlsafe(50)
    try:
        # O_EXCL: of two processes that start together only one may decide the key.
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="utf-8").strip()
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(key)
    return key


def database(url: str, synchronous: str = "NORMAL") -> dict[str, object]:
    """Django's settings for the database at `url`; ValueError for an unknown scheme."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "qizhi.core.db.sqlite",
            "NAME": url.removeprefix("sqlite:///"),
            # Parallel test runs name their databases after this one; only Django's own engine has a default.
            "TEST": {"NAME": ":memory:"},
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": (
                    f"PRAGMA journal_mode=WAL;PRAGMA synchronous={synchronous};"
                    "PRAGMA cache_size=-16000;PRAGMA temp_store=MEMORY"
                ),
            },
        }
    if parts.scheme in {"postgres", "postgresql"}:
        query = dict(parse_qsl(parts.query))
        return {
            "ENGINE": "qizhi.core.db.postgres",
            "NAME": unquote(parts.path.lstrip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": query.pop("host", None) or parts.hostname or "",
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": 600,
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": query,
        }
    message = f"DATABASE_URL has the scheme {parts.scheme!r}; use sqlite or postgres"
    raise ValueError(message)


def _names(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())
