"""A sheet put together from its cells: what a merged area gives to its rows, and what people cannot see."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field

from qizhi.core.tables.cells import MAX_COLUMNS, Cell, Copied, Row, Sheet, Tally, say_rows


@dataclass(slots=True)
class Layout:
    """What a reader found on a sheet; rows and columns are numbered from 1, `areas` are merged ones.

    Attributes:
        rows: row → column → cell; only cells that hold something.
        hidden_rows: numbers of hidden or filtered rows.
        hidden_columns: numbers of hidden columns.
        areas: left, top, right, bottom of each merged area.
    """

    rows: dict[int, dict[int, Cell]] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    areas: list[tuple[int, int, int, int]] = field(default_factory=list)

    def put(self, cell: Cell, tally: Tally) -> None:
        """Add a cell that holds something."""
        if cell.row not in self.rows:
            self.rows[cell.row] = {}
            tally.add_row()
        self.rows[cell.row][cell.column] = cell
        tally.add(cell)


def finish(name: str, layout: Layout, tally: Tally, *, is_hidden: bool) -> Sheet:
    """The sheet without empty rows, with the notes about what is hidden."""
    own = sorted(layout.rows)
    _copy_merged(layout, own, tally)
    rows = [
        Row(number, [cell for _, cell in sorted(layout.rows[number].items())], number in layout.hidden_rows)
        for number in own
    ]
    sheet = Sheet(name, rows, is_hidden)
    if rows:
        sheet.notes = _hidden_notes(sheet)
        sheet.hidden_columns = layout.hidden_columns
    return sheet


def _copy_merged(layout: Layout, own: list[int], tally: Tally) -> None:
    """Give the value of each merged area to the other cells of the area, in rows that hold something."""
    for left, top, right, bottom in layout.areas:
        corner = layout.rows.get(top, {}).get(left)
        if corner is None:
            continue
        last = min(right, MAX_COLUMNS)
        for number in own[bisect_left(own, top) : bisect_right(own, bottom)]:
            for column in range(left, last + 1):
                if (number, column) != (top, left):
                    how = Copied.DOWN if column == left else Copied.ACROSS
                    copy = Cell(number, column, corner.value, how, corner.problem)
                    layout.rows[number][column] = copy
                    tally.add(copy)


def _hidden_notes(sheet: Sheet) -> list[str]:
    where = f"工作表“{sheet.name}”"
    notes = [f"{where}是隐藏的，也读取了。"] if sheet.is_hidden else []
    rows = [row.number for row in sheet.rows if row.is_hidden]
    if rows:
        notes.append(f"{where}里{say_rows(rows)}被隐藏或被筛选掉了，也读取了。")
    return notes
