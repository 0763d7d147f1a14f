"""What the docs list and a machine can compare."""

from __future__ import annotations

import re

from django.core.management import call_command

from qizhi.config.env import VARIABLES
from qizhi.web.management.commands.rulebook import rule_book
from tests.test_house import ROOT


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
