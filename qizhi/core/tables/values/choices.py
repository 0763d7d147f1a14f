"""A value out of a fixed set, written in Chinese."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping

from qizhi.core.tables.cells import CellValue
from qizhi.core.tables.problems import BadValue
from qizhi.core.tables.values.plain import as_text, compact, shorten

_MOST_NAMED = 12


class Choices:
    """Parses a Chinese label (or one of its other names) to its value; `show` is the way back.

    Args:
        pairs: Value and label, as `TextChoices.choices` gives them.
        aliases: Other words that people write → value.

    Raises:
        ValueError: One word would mean two values.
    """

    def __init__(self, pairs: Iterable[tuple[str, object]], aliases: Mapping[str, str] | None = None) -> None:
        """Index the words."""
        self.labels: dict[str, str] = {value: str(label) for value, label in pairs}
        self._values: dict[str, str] = {}
        words = [(label, value) for value, label in self.labels.items()]
        for word, value in [*words, *(aliases or {}).items()]:
            key = compact(word).lower()
            if value not in self.labels or self._values.setdefault(key, value) != value:
                message = f"{word!r} cannot stand for {value!r}"
                raise ValueError(message)

    def __call__(self, raw: CellValue) -> str:
        """The value for what stands in the cell.

        Raises:
            BadValue: No label and no other name of one.
        """
        word = compact(as_text(raw)).lower()
        if word in self._values:
            return self._values[word]
        labels = list(self.labels.values())
        near = difflib.get_close_matches(word[:50], labels, n=1)
        named = "、".join(labels[:_MOST_NAMED]) + (f"等{len(labels)}种" if len(labels) > _MOST_NAMED else "")
        fix = f"是不是“{near[0]}”？可以填：{named}" if near else f"可以填：{named}"
        reason = f"没有“{shorten(word)}”这一项"
        raise BadValue(reason, fix)

    def show(self, value: object) -> str:
        """The label of a value."""
        return self.labels[str(value)]
