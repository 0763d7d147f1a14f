"""Every table with a first and a last day knows what people call them; no heading means two columns."""

from __future__ import annotations

from collections import Counter

import pytest

from qizhi.branch_life.importers import CONTACTS
from qizhi.conduct.importers.leave import LEAVES
from qizhi.conduct.importers.registers import LIAISONS
from qizhi.core.tables.header import heading_key
from qizhi.core.tables.schema import SPAN_WORDS
from qizhi.org.importers.members import MEMBERS
from qizhi.org.importers.posts import POSTS
from qizhi.org.importers.tree_words import UNITS
from qizhi.regulations.importers.exemptions import EXEMPTIONS


@pytest.mark.parametrize(
    "schema", [MEMBERS, POSTS, UNITS, CONTACTS, LEAVES, LIAISONS, EXEMPTIONS], ids=lambda one: one.name
)
def test_from_and_to_in_all_words_and_each_word_once(schema):
    meant = {
        name: column.key for column in schema.columns for name in (column.label, column.key, *column.aliases)
    }
    for key, words in SPAN_WORDS.items():
        assert {meant[word] for word in words} == {key}
    said = Counter(
        heading_key(name)
        for column in schema.columns
        for name in {heading_key(one) for one in (column.label, *column.aliases)}
    )
    assert [name for name, times in said.items() if times > 1] == []
