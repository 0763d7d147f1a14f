"""Every form takes what it asks for, and takes it once: a second click makes no second row. Bad input gets
an answer in Chinese at every form and address, loses nothing, and never breaks.

Hypothesis chooses what is sent; it is not random from run to run, so that a run says the same twice.
"""

from __future__ import annotations

import re
import time
import uuid
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from qizhi.core.tests.counting import grown, writes
from qizhi.regulations.models import Version
from qizhi.regulations.services.versions import publish_version
from tests.filling import DRAFT_FIRST, ONLY_ASKED, OTHER_STEPS, QUESTIONS, files_of, filled, undone
from tests.walk import (
    OPENERS,
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
TEXTS = (
    "",
    " ",
    "\x00",
    "甲\x00乙",
    "\ud800",
    "\x01\x0b\x1f\x7f",
    "\ufffe\uffff",
    "👨‍👩‍👧‍👦",
    "\u202e倒过来",
    "a\u0301" * 30,
    "'; DROP TABLE org_person; --",
    "<script>alert(1)</script>",
    "{{ 7*7 }}{% now 'Y' %}",
    "=cmd|' /C calc'!A0",
    "%s %(x)s {0} \\",
    "第一行\r\n第二行\r第三行\n",
    "长" * 300,
    "[[org.members|报告年度]]【可略：",
    '{"a": [1e999, NaN]}',
    "[" * 5000,
    "书记甲、书记甲、(0001)(外单位)",
)
NUMBERS = (
    "-1",
    "0",
    "1",
    "１２",
    "٣",
    "²",
    "1.5",
    "-0",
    "1e5",
    "1e400",
    "NaN",
    "Infinity",
    "9" * 30,
    "9" * 5000,
)
DAYS = (
    "0000-00-00",
    "0001-01-01",
    "9999-12-31",
    "9999-12",
    "2018-02-30",
    "2018-13-01",
    "2018.1.5",
    "２０１８－０１－０５",
    "明天",
    "2018-01-15",
    "2016-02-29",
    "25:61",
)
KEYS = (
    "not-a-key",
    str(uuid.UUID(int=0)),
    "{" + str(uuid.UUID(int=1)) + "}",
    "01890000-0000-7000-8000-00000000000",
)
VALUE = st.one_of(*map(st.sampled_from, (TEXTS, NUMBERS, DAYS, KEYS)), st.text(max_size=40))
# None at all, one, or several where one is expected.
VALUES = st.one_of(VALUE.map(lambda one: [one]), st.lists(VALUE, max_size=3))
FILES = st.sampled_from(
    [
        ContentFile(content, name=name)
        for content in (
            b"",
            b"\x00" * 50,
            b"PK\x03\x04not a zip",
            "工号,姓名\n,\n".encode("gb18030"),
            b"\xff" * 900,
        )
        for name in ("表.csv", "x.xlsx", "../../etc/passwd", "长" * 83 + ".xlsx", "a\x01b.zip")
    ]
)


def bounded(examples: int) -> Any:
    """So many examples, the same ones each time."""
    return settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],  # what is sent is readable without being made smaller
        suppress_health_check=list(HealthCheck),
    )


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
