"""Every form takes what it asks for, and takes it once: a second click makes no second row. Bad input gets
an answer in Chinese at every form and address, loses nothing, and never breaks.

All that walks through every page stands here: one process opens each of them once for all of it.
"""

from __future__ import annotations

import datetime as dt
import re
import sqlite3
import time
from html import unescape
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from qizhi.core import clock, marks
from qizhi.core.tests.counting import grown, writes
from qizhi.gatherings.models import Gathering
from qizhi.regulations.models import Version
from qizhi.regulations.services.versions import publish_version
from tests.filling import DRAFT_FIRST, ONLY_ASKED, OTHER_STEPS, QUESTIONS, files_of, filled, undone
from tests.spoiling import FILES, VALUES, bounded
from tests.walk import (
    OPENERS,
    PAGES_ASK,
    TEXT_TYPES,
    Input,
    Page,
    drained,
    encoded,
    keeping,
    opened,
    pages_to_fill,
    send,
)

HAN = re.compile("[\u4e00-\u9fff]")
PATIENCE_S = 3
LONG = "长" * 70_000
OF_DAYS = {"month", "on", "from", "to"}
FILLS_IN_YEAR = {"tasks:plan_new"}
FILLS_IN_DAY = re.compile(r":\w+_(new|record)$|^gatherings:record")
"""Pages whose form shows what the address says, in an input of its own."""


def broken(reply: Any) -> bool:
    """Whether the server gave up."""
    return reply.status_code >= 500


def as_received(text: str) -> str:
    """What a browser would send and get back: valid text, one kind of line end."""
    text = text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    return re.sub(r"\r\n?", "\n", text)


def lost(sent: list[tuple[str, str]], form: dict[str, Input]) -> list[str]:
    """Inputs whose words are not in the page any more; of several words the last counts, as in Django."""
    gone = []
    for name, value in dict(sent).items():
        one = form.get(name)
        if one is None or one.type not in TEXT_TYPES:
            continue
        kept, typed = as_received(one.value), as_received(value).replace("\x00", "")
        # A browser shows, and an HTML parser reads, the words without blanks at their ends.
        if kept.strip() != typed.strip():
            gone.append(f"{name}: {typed[:40]!r} became {kept[:40]!r}")
    return gone


def complaints(reply: Any) -> list[str]:
    """What the page says is wrong."""
    found: list[str] = []
    for context in reply.context or []:
        for one in context.flatten().values():
            errors = getattr(one, "errors", None)
            for error in errors if isinstance(errors, list) else [errors] if errors else []:
                found += [text for texts in getattr(error, "values", list)() for text in texts]
    return found


def judge(where: str, sent: list[tuple[str, str]], reply: Any) -> None:
    """Fail unless the answer is one that a person can go on from."""
    told = [(name, value[:60]) for name, value in sent]
    assert not broken(reply), f"{where}: {reply.status_code} for {told}"
    if reply.status_code != 422:
        assert reply.status_code in {200, 302, 404, 409}, f"{where}: {reply.status_code} for {told}"
        return
    text = reply.content.decode()
    assert 'role="alert"' in text or "field-error" in text or "invalid-feedback" in text, (
        f"{where}: says nothing, {told}"
    )
    foreign = [one for one in complaints(reply) if not HAN.search(str(one))]
    assert foreign == [], f"{where}: {foreign} for {told}"
    gone = lost(sent, Page(text).main_form)
    assert gone == [], f"{where}: {gone}"


def test_every_form_takes_good_input_and_a_second_click_changes_nothing(cast, things, tell):
    made, seen = 0, set()
    for address, client, page in pages_to_fill(cast, things):
        form = page.main_form
        if address.name in QUESTIONS | OTHER_STEPS:
            continue
        if len(form) == 0 or (len(form) == 1 and not page.buttons and address.name in ONLY_ASKED):
            continue
        where = f"{address.name} {address.path}"
        pairs = filled(address, page, form)
        with undone():
            if address.name in DRAFT_FIRST:
                publish_version(
                    version=Version.objects.get(pk=things["version_id"]), by=cast.actor("officer")
                )
            with writes() as once:
                first = send(client, address.path, pairs, files_of(form))
            assert first.status_code == 302, f"{where}: {first.status_code} {said(first)}"
            with writes() as twice:
                second = send(client, address.path, pairs, files_of(form))
        assert not grown(twice), f"{where}: the second click changed {grown(twice)}"
        is_new = any(number > 0 for table, number in grown(once).items() if table != "core_auditevent")
        if is_new:
            assert second.status_code == 302, f"{where}: {second.status_code} {said(second)}"
            made += 1
        seen.add(address.name)
    tell("Good input", f"{len(seen)} forms took good input, {made} made a row once for two clicks")
    assert len(seen) >= 40
    assert made >= 20


def said(reply) -> str:
    """Why a page was refused, for whoever reads the failure."""
    context = reply.context or {}
    error, form = context.get("error"), context.get("form")
    return str(error) if error else str(getattr(form, "errors", ""))


def test_no_form_breaks_or_loses_what_was_typed(cast, things, tell):
    posts: list[int] = []
    problems: list[str] = []
    with keeping():
        for address, client, page in pages_to_fill(cast, things):
            form = page.main_form
            good, inputs = filled(address, page, form), form.values()
            names = sorted({name for name, _ in good} | {one.name for one in inputs if one.type != "file"})
            files = [one.name for one in inputs if one.type == "file"]
            where = f"{address.name} {address.path}"
            posts.append(attack((where, address.path), client, good, (names, files), problems))
    assert not problems, "\n".join(problems)
    tell("Bad input", f"{sum(posts)} bad posts to {len(posts)} forms, nothing broke, nothing was lost")


def test_far_too_much_text_is_refused_or_kept_never_cut(cast, things):
    tried, slow = 0, []
    for address, client, page in pages_to_fill(cast, things):
        form = page.main_form
        wordy = [one.name for one in form.values() if one.type == "textarea"]
        wordy += [one.name for one in form.values() if one.type == "text" and "-" not in one.name][:1]
        good = dict(filled(address, page, form))
        if not wordy:
            continue
        too_much = dict.fromkeys(wordy, LONG)
        with undone():
            begun = time.process_time()
            reply = send(client, address.path, list((good | too_much).items()))
            slow += [address.name] * (time.process_time() - begun > PATIENCE_S)
            judge(address.name, list(too_much.items()), reply)
        tried += len(wordy)
    assert tried >= 40
    assert slow == []


def attack(
    place: tuple[str, str],
    client: Client,
    good: list[tuple[str, str]],
    inputs: tuple[list[str], list[str]],
    problems: list[str],
) -> int:
    """Send a form again and again, some of its inputs spoiled; returns how often."""
    (where, path), (names, files) = place, inputs
    spoiled = (
        st.dictionaries(st.sampled_from(names), VALUES, min_size=1, max_size=4) if names else st.just({})
    )
    count = 0

    @bounded(3)
    @given(spoiled, st.dictionaries(st.sampled_from(files), FILES) if files else st.just({}))
    def send_it(wrong: dict[str, list[str]], wrong_files: dict[str, ContentFile]) -> None:
        nonlocal count
        count += 1
        pairs = [(name, value) for name, value in good if name not in wrong]
        pairs += [(name, value) for name, values in wrong.items() for value in values]
        for file in wrong_files.values():
            file.seek(0)
        with undone():
            reply = send(client, path, pairs, wrong_files)
            judge(where, pairs, reply)

    try:
        send_it()
    except Exception as error:  # noqa: BLE001 - every form is tried, then all that is wrong is told
        problems.append(f"{where}: {type(error).__name__} {str(error)[:600]}")
    return count


def test_no_address_breaks_whatever_it_is_asked(cast, things, tell):
    clients = {role: cast.client(role) for role in OPENERS}
    asked_in_all, problems, pages = 0, [], 0
    with keeping():
        for one in opened(cast, things):
            names = sorted(one.asked - {"csrfmiddlewaretoken"})
            if names and one.address.name != "web:archive":
                pages += 1
                asked_in_all += ask(clients[one.role], one.address.path, names, problems)
    assert not problems, "\n".join(problems)
    assert pages >= 20
    tell("Bad input", f"{asked_in_all} bad questions to {pages} pages, nothing broke")


def ask(client: Client, path: str, names: list[str], problems: list[str]) -> int:
    """Ask a page for nonsense."""
    count = 0

    @bounded(3)
    @given(st.dictionaries(st.sampled_from(names), VALUES, min_size=1, max_size=3))
    def ask_it(wrong: dict[str, list[str]]) -> None:
        nonlocal count
        count += 1
        pairs = [(name, value) for name, values in wrong.items() for value in values]
        reply = drained(client.get(f"{path}?{encoded(pairs)}"))
        assert reply.status_code in {200, 302, 400, 404, 409, 422}, f"{reply.status_code} for {pairs}"

    try:
        ask_it()
    except Exception as error:  # noqa: BLE001 - every page is tried, then all that is wrong is told
        problems.append(f"{path}: {type(error).__name__} {str(error)[:600]}")
    return count


@pytest.mark.once
def test_every_page_shows_the_year_asked_or_says_why_not(cast, things):
    clients = {role: cast.client(role) for role in OPENERS}
    Gathering.objects.create(
        bureau=cast.bureau,
        unit=cast.first,
        held_on=dt.date(2009, 3, 1),
        title="旧事",
        recorded_at=clock.now(),
    )
    asked = [
        one
        for one in opened(cast, things)
        if "year" in one.asked and one.address.name not in FILLS_IN_YEAR and one.status == 200
    ]
    assert len(asked) >= 30
    with keeping():
        for one in asked:
            _show_the_year(clients[one.role], one.address)


def _show_the_year(client, address):
    path = address.path
    reply = client.get(path, {"year": "abc"})
    if address.name.startswith("reports:"):  # the form of the reckoning says it below its input
        assert reply.status_code == 422, path
        return
    words = unescape(reply.content.decode())
    assert "读不懂“abc”" in words, path
    assert "可以选2009年至20" in words, path
    assert "读不懂".encode() not in client.get(path, {"year": "2015"}).content, path
    file = drained(client.get(path, {"year": "abc", "format": "xlsx"}))
    assert file.status_code == 400, path
    assert "没有改用别的年份" in file.content.decode(), path
    menu = re.search(r'<select[^>]* name="year">(.*?)</select>', words)
    if menu:
        assert '<option value="2009">' in menu[1], path


@pytest.mark.once
def test_every_page_shows_the_month_or_the_day_asked_or_says_why_not(cast, things):
    clients, pages = {role: cast.client(role) for role in OPENERS}, set()
    asking = [
        one for one in opened(cast, things) if one.status == 200 and not FILLS_IN_DAY.search(one.address.name)
    ]
    with keeping():
        for one, name in [(page, name) for page in asking for name in OF_DAYS & page.asked]:
            pages.add(one.address.name)
            reply = clients[one.role].get(one.address.path, {name: "2018-13-01"})
            assert "没有“2018-13-01”：没有13月。" in unescape(reply.content.decode()), one.address
            file = drained(clients[one.role].get(one.address.path, {name: "abc", "format": "xlsx"}))
            assert file.status_code == 400, one.address
            assert "没有改用别的" in file.content.decode(), one.address
    assert len(pages) >= 9, pages


@pytest.mark.parametrize("word", ["%00", "%ff", "长" * 3000, "..%2f..%2fetc", "%0a", "-1", "9" * 5000])
def test_no_word_inside_an_address_breaks_it(cast, things, word):
    client = cast.client("officer")
    shapes = (
        "/tables/{}/upload/",
        "/tables/{}/export/",
        "/reports/figures/{}/rows/",
        "/reports/overview/{}/",
    )
    shapes += ("/org/people/{}/", f"/org/people/{things['person_id']}/{{}}/new/", "/{}/")
    shapes += (
        f"/reports/issued/{things['issued_id']}/numbers/{{}}/",
        f"/reports/issued/{things['issued_id']}/{{}}/",
    )
    for shape in shapes:
        reply = client.get(shape.format(word))
        assert reply.status_code == 404, f"{shape}: {reply.status_code}"
        assert "没有找到" in reply.content.decode()


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="SQLite itself tells which tables it reads")
def test_a_question_names_every_table_that_it_reads(cast, things):
    """Each question of each page is held against what SQLite says that it reads: pages are kept by it."""
    reads: set[str] = set()
    missed: dict[str, set[str]] = {}

    def note(action: int, table: str | None, *_: object) -> int:
        if action == sqlite3.SQLITE_READ and table and not table.startswith("sqlite_"):
            reads.add(table)
        return sqlite3.SQLITE_OK

    assert sum(one.status == 200 for one in opened(cast, things)) > 100
    connection.connection.set_authorizer(note)
    try:
        with connection.cursor() as cursor:
            for sql, values in PAGES_ASK.items():
                reads.clear()
                cursor.execute(sql, values)
                assert reads or " FROM " not in sql, "SQLite tells of each"
                named = marks.tables_in(sql)
                if named is not None and not reads <= named:
                    missed[sql] = reads - named
    finally:
        connection.connection.set_authorizer(None)
    assert len(PAGES_ASK) > 400
    assert missed == {}
