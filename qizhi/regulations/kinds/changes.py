"""What became of a clause from one version to another, and what rests on it, in words."""

from __future__ import annotations

from qizhi.core import figures
from qizhi.core.figures import Figure
from qizhi.core.values import dataclass
from qizhi.regulations.kinds.base import kind_by_key
from qizhi.regulations.kinds.words import ClauseWords, say_clause
from qizhi.regulations.queries import Difference
from qizhi.regulations.rules import Compared, compare_words


@dataclass(frozen=True)
class ChangeWords:
    """What became of a clause from one version to another.

    Attributes:
        key: of the clause.
        before: the clause in the one version; None where there is none.
        after: in the other.
        words: its words, in parts.
        settings: what else is different: label, before, after.
    """

    key: str
    before: ClauseWords | None
    after: ClauseWords | None
    words: Compared
    settings: list[tuple[str, str, str]]

    @property
    def kind(self) -> str:
        """The key of the kind that judges by it now, or did."""
        one = self.after or self.before
        return one.clause.kind if one else ""


def say_difference(difference: Difference) -> ChangeWords:
    """A difference of two versions in words."""
    before = say_clause(difference.before) if difference.before else None
    after = say_clause(difference.after) if difference.after else None
    words = compare_words(
        difference.before.text if difference.before else "", difference.after.text if difference.after else ""
    )
    settings = [] if before is None or after is None else _changed_settings(before, after)
    return ChangeWords(difference.key, before, after, words, settings)


def _changed_settings(before: ClauseWords, after: ClauseWords) -> list[tuple[str, str, str]]:
    old, new = dict(_settings(before)), dict(_settings(after))
    return [
        (label, old.get(label, "（无）"), new.get(label, "（无）"))
        for label in dict.fromkeys([*old, *new])
        if old.get(label) != new.get(label)
    ]


def _settings(words: ClauseWords) -> list[tuple[str, str]]:
    clause = words.clause
    return [
        ("条款号", clause.number or "（无）"),
        ("判定类型", words.kind_label or "只供引用"),
        *words.parameters,
        ("对象", clause.get_subject_display()),
        ("周期", clause.get_period_display()),
        ("适用版本依据", clause.get_applies_by_display()),
        ("类别", clause.get_area_display() or "（无）"),
        ("所需证据", clause.evidence or "（无）"),
        ("分值", f"{clause.points.normalize():f}"),
        ("原文为“一般”", "是" if clause.is_general else "否"),
        ("启用", "是" if clause.is_enabled else "否"),
    ]


def pages_of(kind: str) -> tuple[tuple[str, str], ...]:
    """The pages that are drawn from clauses of a kind, as words and name of the address."""
    known = kind_by_key(kind)
    return known.shown_on if known else ()


_BY_CLAUSE: list[str] = []


def register_clause_figures(prefix: str) -> None:
    """Let an app say that a family of its figures counts by the codes of clauses that cost points."""
    _BY_CLAUSE.append(prefix)


def figures_of(kind: str, key: str = "") -> list[Figure]:
    """The figures that are reckoned by clauses of a kind, and by the one of this code, if it costs points."""
    known = kind_by_key(kind)
    keys = [*(known.figures if known else ()), *(f"{prefix}:{key}" for prefix in _BY_CLAUSE if key)]
    return [figure for one in keys if (figure := figures.get(one)) is not None]
