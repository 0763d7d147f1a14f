"""Who saves while somebody else writes very much waits, and is then told so; nothing breaks, nothing is half done."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.urls import reverse

from qizhi.core.tests.files import on_a_file, other_line
from qizhi.org.models import Person
from qizhi.org.tests.cast import make_cast

FILLED = {"id": "01940000-0000-7000-8000-000000000003", "staff_no": "9001", "name": "新人", "gender": ""}


@contextmanager
def others_writing() -> Iterator[None]:
    """Somebody holds what they write, and ours wait for a moment only."""
    if connection.vendor == "sqlite":
        connection.cursor().execute("PRAGMA busy_timeout = 50")
        other = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
    else:
        connection.cursor().execute("SET lock_timeout = '50ms'")
        other = other_line()
        other.execute("LOCK TABLE org_person IN SHARE ROW EXCLUSIVE MODE")
    try:
        yield
    finally:
        other.rollback()
        other.close()
        if connection.vendor == "postgresql":
            connection.cursor().execute("SET lock_timeout = 0")


def test_who_waits_too_long_is_told_why_and_may_try_again(tmp_path, transactional_db):
    with on_a_file(tmp_path / "busy.sqlite3"):
        client = make_cast().client("personnel")
        with others_writing():
            page = client.post(reverse("org:person_new"), FILLED)
            assert page.status_code == 503
            assert "有人正在写入很多内容" in page.content.decode()
            assert "请过一两分钟再提交一次" in page.content.decode()
            assert client.get(reverse("org:people")).status_code == 200
            assert not Person.objects.filter(staff_no="9001").exists()
        assert client.post(reverse("org:person_new"), FILLED).status_code == 302
        assert Person.objects.filter(staff_no="9001").exists()
