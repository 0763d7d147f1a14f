"""What the docs list and a machine can compare."""

from __future__ import annotations

import re

import pytest
from django.core.management import call_command

from qizhi.config.env import VARIABLES
from qizhi.gatherings.services.standard import STANDARD_KINDS
from qizhi.regulations.kinds import all_kinds
from qizhi.web.management.commands.rulebook import rule_book
from qizhi.web.queries.ledgers import LEDGERS
from tests.test_house import OURS, ROOT

STATES = ("whole", "in part")


def test_the_rule_book_is_up_to_date():
    assert (ROOT / "docs" / "rulebook.md").read_text(encoding="utf-8") == rule_book()
    call_command("rulebook", "--check")


def test_every_variable_is_described():
    text = (ROOT / "docs" / "environment.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"^\| `([A-Z_]+)` \|", text, re.MULTILINE))
    assert listed == set(VARIABLES)


def test_every_picture_and_page_that_the_readmes_name_is_there():
    for name in ("README.md", "README.zh-CN.md"):
        for target in re.findall(r"\]\(([^)#]+)\)", (ROOT / name).read_text(encoding="utf-8")):
            assert (ROOT / target).exists(), f"{name}: {target}"


def test_both_readmes_name_the_same_pages_commands_and_things():
    ours, theirs = ((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.zh-CN.md"))
    for what in (
        r"\]\(((?:docs/|CHANGELOG)[^)#]*)\)",
        r"^python3 qz\.py (\w+)",
        r"^(##? )",
        r"(?m)^(\* \*\*)",
    ):
        found = [re.findall(what, text, re.MULTILINE) for text in (ours, theirs)]
        assert found[0] == found[1], what
    listed = set(re.findall(r"\]\((docs/[^)#]*)\)", ours))
    pages = {f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md")}
    assert pages - listed == set()


def glossary(title=""):
    """The rows of a table of the glossary: its first one, or that under a heading."""
    text = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    part = text.partition(f"\n## {title}\n")[2] if title else text
    table = part.partition("\n## ")[0]
    return [
        tuple(cell.strip() for cell in row.strip("|").split("|"))
        for row in re.findall(r"^\|.+\|$", table, re.MULTILINE)
    ][2:]


@pytest.mark.parametrize(
    ("title", "known"),
    [
        (
            "Tables",
            [
                (str(model._meta.verbose_name), model._meta.label)
                for app in OURS
                for model in app.get_models()
            ],
        ),
        ("Kinds of clause", [(kind.label, kind.key) for kind in all_kinds()]),
        (
            "Kinds of gathering that come with the product",
            [(kind.name, kind.key) for kind in STANDARD_KINDS],
        ),
    ],
    ids=["tables", "clauses", "gatherings"],
)
def test_the_glossary_knows_every_name_and_no_other(title, known):
    told = [(chinese, code.strip("`")) for chinese, code in glossary(title)]
    assert sorted(told) == sorted(known)


def test_no_word_of_the_glossary_is_told_twice():
    words = [word for row in glossary() for word in re.split(r"[、，]", row[0])]
    assert len(words) > 150
    assert sorted({word for word in words if words.count(word) > 1}) == []


def test_each_ledger_has_its_state():
    text = (ROOT / "docs" / "ledgers.md").read_text(encoding="utf-8")
    rows = [
        [cell.strip() for cell in row.strip("|").split("|")]
        for row in re.findall(r"^\| \d+ .+\|$", text, re.MULTILINE)
    ]
    assert [row[2].strip("`") for row in rows] == [ledger.key for ledger in LEDGERS]
    assert [row[4] for row in rows if not row[4].startswith(STATES)] == []
    # What is there in part says what is missing.
    assert [row[4] for row in rows if row[4].startswith("in part") and len(row[4]) < 20] == []
