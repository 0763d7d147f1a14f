"""What a table is expected to hold: columns with a parser each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import replace
from decimal import Decimal

from qizhi.core.clock import ZONE
from qizhi.core.tables.cells import CellValue
from qizhi.core.tables.values import Choices, DayOrMonth, parse_yes_no
from qizhi.core.values import dataclass

Parser = Callable[[CellValue], object]
SPAN_WORDS = {
    "from_on": (
        *("起", "始", "自", "从", "起始", "开始", "起日", "起始日", "开始日"),
        *("起始日期", "开始日期", "起始时间", "开始时间", "起始年月", "开始年月"),
        *("自哪一天起", "第一天"),
    ),
    "to_on": (
        *("止", "终", "至", "到", "截止", "结束", "终止", "止日", "截止日", "结束日"),
        *("截止日期", "结束日期", "终止日期", "截止时间", "结束时间", "终止时间"),
        *("截止年月", "结束年月", "至哪一天", "最后一天"),
    ),
}
"""What people write above the first and the last day of anything, by the key of such a column.

A table that calls something else by one of these words keeps it for that."""
OutValue = str | int | float | Decimal | dt.date | dt.datetime | None


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column.

    Attributes:
        key: Name of the value in a row that was read, and of the value to write.
        label: Chinese heading.
        parse: Takes what stands in the cell; raises `BadValue`. Never called for an empty cell.
        required: Whether the heading and each cell must be there.
        aliases: Other headings that mean this column; 学习-次数 stands for 次数 under the heading 学习.
        last_resorts: Headings that mean this column only where no better one stands, the best first; one
            heading may be a last resort of several columns.
        help: One Chinese sentence on what belongs here.
        example: A good value, as people would type it.
        choices: Words to pick from in the template; taken from the parser where it knows them.
        width: Width in the spreadsheet, in characters of the Latin alphabet.
        show: Turns a value into what is written; needed only for types that this package does not know.
        is_from_above: Whether an empty cell means what the cell above says, as in tables sorted by it.
        is_offered: Whether templates and exports have it; others are understood where people bring them.
    """

    key: str
    label: str
    parse: Parser
    required: bool = False
    aliases: tuple[str, ...] = ()
    last_resorts: tuple[str, ...] = ()
    help: str = ""
    example: str = ""
    choices: tuple[str, ...] = ()
    width: int = 12
    show: Callable[[object], OutValue] | None = None
    is_from_above: bool = False
    is_offered: bool = True

    @property
    def other_names(self) -> tuple[str, ...]:
        """All other headings that are understood."""
        return self.aliases + self.last_resorts

    @property
    def words(self) -> tuple[str, ...]:
        """Words to pick from, or none when the column is free."""
        if self.choices:
            return self.choices
        if isinstance(self.parse, Choices):
            return tuple(self.parse.labels.values())
        return ("是", "否") if self.parse is parse_yes_no else ()

    def out(self, value: object) -> OutValue:
        """What is written for a value, so that reading it back gives an equal one.

        Raises:
            TypeError: A type that neither this package nor `show` knows.
        """
        if value is None:
            return None
        if self.show is not None:
            return self.show(value)
        return self.parse.show(value) if isinstance(self.parse, Choices) else plain_value(value)


@dataclass(frozen=True)
class TableSchema:
    """A kind of table.

    Attributes:
        name: English name for files and tests.
        label: Chinese name: also the name of the sheet in the template.
        columns: In the order of the template.
        title: Title above the headings of an export; the label when empty.
        one_of: Groups of keys of which a sheet needs at least one heading each.
    """

    name: str
    label: str
    columns: tuple[Column, ...]
    title: str = ""
    one_of: tuple[tuple[str, ...], ...] = ()

    @property
    def offered(self) -> TableSchema:
        """The schema as it goes out: without the columns that are only understood."""
        return replace(self, columns=tuple(column for column in self.columns if column.is_offered))

    def __post_init__(self) -> None:
        """Refuse two columns of one key; let the columns of a span know what people call such days."""
        keys = [column.key for column in self.columns]
        if len(set(keys)) != len(keys) or not keys:
            message = f"table {self.name!r} needs columns with keys of their own, not {keys}"
            raise ValueError(message)
        object.__setattr__(self, "columns", tuple(self._with_span_words(one) for one in self.columns))

    def _with_span_words(self, column: Column) -> Column:
        words = SPAN_WORDS.get(column.key, ())
        taken = {name for one in self.columns for name in (one.label, one.key, *one.other_names)}
        more = tuple(word for word in words if word not in taken)
        return replace(column, aliases=column.aliases + more) if more else column


def plain_value(value: object) -> OutValue:
    """A value of a known type as it is written into a cell.

    Raises:
        TypeError: Another type; give the column a `show`.
    """
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, dt.datetime):
        return value.astimezone(ZONE).replace(tzinfo=None) if value.tzinfo else value
    if value is None or isinstance(value, str | int | float | Decimal | dt.date):
        return value
    if isinstance(value, DayOrMonth):
        return value.first_day if value.precision == "day" else str(value)
    if isinstance(value, list | tuple):
        return joined(value)
    message = f"no way to write a {type(value).__name__} into a cell"
    raise TypeError(message)


def joined(values: Iterable[object]) -> str:
    """张三、李四: what `parse_list` and `parse_names` take apart."""
    return "、".join(str(value) for value in values)
