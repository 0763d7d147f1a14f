"""Lines over time, with a gap where nothing is known."""

from __future__ import annotations

from collections.abc import Sequence

from qizhi.core.charts import parts as p
from qizhi.core.charts.parts import Number, Plot, Series
from qizhi.core.text import shortened, width_em

HEIGHT = 220
MOST_DOTS = 36
NAME_GAP = 17.0
NAME_EM = 8.0
DASHES = ("", "7 4", "2 3", "10 3 2 3")


def line_chart(
    title: str,
    labels: Sequence[str],
    series: Sequence[Series],
    *,
    unit: str = "",
    description: str = "",
    maximum: Number | None = None,
    accent: int | None = 0,
    width: int = 640,
    show_title: bool = True,
) -> str:
    """Draw one to four series over the same labels as lines that carry their names at their ends.

    Args:
        title: name of the chart.
        labels: places on the axis, 1 to 200, such as the months.
        series: values for each label; a None interrupts the line.
        unit: Chinese unit of the axis.
        description: read aloud after the title; the values in words if empty.
        maximum: end of the scale, such as 100 for shares.
        accent: index of the red series; None for none.
        width: pixels; everything is laid out for it.
        show_title: whether the title is printed above.

    Returns:
        An SVG element.
    """
    heading = p.Heading(title, description, show_title)
    plot = p.make_plot(labels, series, unit=unit, maximum=maximum, accent=accent, width=width)
    if plot.is_empty:
        return p.empty_drawing(plot, heading)
    ground = HEIGHT + 14.0
    scale = p.make_scale(plot.values, ground, 14.0, plot.maximum)
    names = [shortened(name, NAME_EM) for name in plot.names] if len(plot.names) > 1 else [""]
    right = width - (max(width_em(name) for name in names) * p.SMALL + 14)
    left, axis = p.value_axis(scale, plot.unit, right)
    places = _places(len(labels), left + 10, right - 10)
    parts = [axis]
    for row in range(len(plot.rows)):
        parts += [_line(plot, row, places, scale), _dots(plot, row, places, scale)]
    if len(plot.names) > 1:
        parts.append(_names(plot, names, scale, right + 8))
    parts.append(p.label_axis(plot.labels, places, ground, width))
    return p.drawing(plot, ground + 26, "".join(parts), heading)


def _places(count: int, start: float, end: float) -> list[float]:
    if count == 1:
        return [(start + end) / 2]
    return [start + index * (end - start) / (count - 1) for index in range(count)]


def _colour(plot: Plot, row: int) -> str:
    if row == plot.accent:
        return p.RED
    return (p.SLATE, p.INK, p.GREY, p.SLATE)[row % 4]


def _line(plot: Plot, row: int, places: list[float], scale: p.Scale) -> str:
    commands: list[str] = []
    pen_down = False
    for x, value in zip(places, plot.rows[row], strict=True):
        if value is not None:
            commands.append(f"{'L' if pen_down else 'M'}{x:.1f} {scale.at(value):.1f}")
        pen_down = value is not None
    stroke: dict[str, str | float] = {"fill": "none", "stroke": _colour(plot, row), "stroke_width": 2}
    # Dashes tell the lines apart where colours cannot: on a grey print-out.
    if row != plot.accent and DASHES[row % len(DASHES)]:
        stroke["stroke_dasharray"] = DASHES[row % len(DASHES)]
    return p.element("path", {"d": " ".join(commands), **stroke})


def _dots(plot: Plot, row: int, places: list[float], scale: p.Scale) -> str:
    """Dots on the line; where points are many, only those that no line reaches."""
    values, dots = plot.rows[row], []
    are_few = len(values) <= MOST_DOTS
    for index, (x, value) in enumerate(zip(places, values, strict=True)):
        if value is None:
            dots.append(p.missing(x, scale.start) if are_few else "")
            continue
        neighbours = values[max(index - 1, 0) : index] + values[index + 1 : index + 2]
        if are_few or all(near is None for near in neighbours):
            at: p.Attributes = {"cx": x, "cy": scale.at(value), "r": 3, "fill": _colour(plot, row)}
            dots.append(p.element("circle", at, p.hover(plot.told(row, index))))
    return "".join(dots)


def _names(plot: Plot, names: list[str], scale: p.Scale, x: float) -> str:
    """Names at the ends of the lines, pushed apart where they would overlap."""
    ends = []
    for index, row in enumerate(plot.rows):
        known = [value for value in row if value is not None]
        ends.append((scale.at(known[-1]) if known else scale.start, index))
    marks, lowest = [], -NAME_GAP
    for y, index in sorted(ends):
        lowest = max(y, lowest + NAME_GAP)
        marks.append(p.words(x, lowest + 4, names[index], fill=_colour(plot, index), size=p.SMALL))
    return "".join(marks)
