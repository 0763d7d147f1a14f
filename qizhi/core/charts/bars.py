"""Bars: lying, with their values, for up to 30 labels; standing columns with an axis for more."""

from __future__ import annotations

from collections.abc import Sequence

from qizhi.core.charts import parts as p
from qizhi.core.charts.parts import Number, Plot, Series
from qizhi.core.text import shortened, width_em

MOST_LYING = 30
BAR, GAP, ROW_GAP = 14, 2, 6
LABEL_SHARE = 0.34
COLUMN_HEIGHT = 220


def bar_chart(
    title: str,
    labels: Sequence[str],
    series: Sequence[Series],
    *,
    unit: str = "",
    description: str = "",
    maximum: Number | None = None,
    accent: int | None = None,
    width: int = 640,
    show_title: bool = True,
) -> str:
    """Draw values by label as bars.

    Args:
        title: name of the chart.
        labels: names of the bars, 1 to 200, such as the branches.
        series: one to four series, each with a value for each label; several stand side by side.
        unit: Chinese unit printed after each value.
        description: read aloud after the title; the values in words if empty.
        maximum: end of the scale (100 for shares, which also draws the track behind the bars).
        accent: index of the label whose bars are red.
        width: pixels; everything is laid out for it.
        show_title: whether the title is printed above.

    Returns:
        An SVG element.
    """
    heading = p.Heading(title, description, show_title)
    plot = p.make_plot(labels, series, unit=unit, maximum=maximum, accent=accent, width=width)
    if plot.is_empty:
        return p.empty_drawing(plot, heading)
    top, drawn = _legend(plot)
    draw = _lying if len(labels) <= MOST_LYING else _standing
    height, inside = draw(plot, top)
    return p.drawing(plot, height, drawn + inside, heading)


def _colour(plot: Plot, row: int, label: int) -> str:
    if label == plot.accent:
        return p.RED
    return p.SLATE if len(plot.rows) == 1 else p.SERIES_COLOURS[row % len(p.SERIES_COLOURS)]


def _legend(plot: Plot) -> tuple[float, str]:
    if len(plot.names) < 2:  # noqa: PLR2004 - one series needs no legend
        return 0.0, ""
    return p.LEGEND_ROOM, p.legend(plot.names, p.SERIES_COLOURS, 14, plot.width)


def _lying(plot: Plot, top: float) -> tuple[float, str]:
    label_em = min(max(width_em(label) for label in plot.labels), plot.width * LABEL_SHARE / p.SIZE)
    value_room = max(width_em(p.number_text(value, plot.unit)) for value in plot.values) * p.SMALL + 10
    left = label_em * p.SIZE + 10
    scale = p.tight_scale(plot, left, plot.width - value_room)
    row_height = len(plot.rows) * (BAR + GAP) + ROW_GAP
    parts = []
    for index, label in enumerate(plot.labels):
        y = top + index * row_height
        middle = y + (row_height - ROW_GAP) / 2 + 4
        name = p.words(left - 10, middle, shortened(label, label_em), anchor="end")
        parts.append(p.element("g", {}, p.hover(label) + name))
        parts += [_bar(plot, scale, row, index, y + row * (BAR + GAP)) for row in range(len(plot.rows))]
    height = top + len(plot.labels) * row_height
    parts.append(p.rule(scale.at(0.0), top, scale.at(0.0), height - ROW_GAP, p.GREY))
    return height, "".join(parts)


def _bar(plot: Plot, scale: p.Scale, row: int, label: int, y: float) -> str:
    value, zero = plot.rows[row][label], scale.at(0.0)
    track = ""
    if plot.maximum is not None:
        track = p.rectangle(scale.start, y, scale.end - scale.start, BAR, fill=p.TRACK)
    if value is None:
        return track + p.words(zero + 6, y + BAR - 3, p.NOTHING, fill=p.SLATE, size=p.SMALL)
    start, end = sorted((zero, scale.at(value)))
    colour = _colour(plot, row, label)
    bar = p.rectangle(start, y, end - start, BAR, fill=colour, told=plot.told(row, label))
    # On a share's track the number stands behind the track, so that it is never printed on grey.
    at = scale.end if plot.maximum is not None else end
    return track + bar + p.words(at + 6, y + BAR - 3, p.number_text(value, plot.unit), size=p.SMALL)


def _standing(plot: Plot, top: float) -> tuple[float, str]:
    ground = top + 14 + COLUMN_HEIGHT
    scale = p.make_scale(plot.values, ground, top + 14, plot.maximum)
    left, axis = p.value_axis(scale, plot.unit, plot.width)
    step = (plot.width - left) / len(plot.labels)
    column, zero = step * 0.8 / len(plot.rows), scale.at(0.0)
    parts = [axis]
    for row, values in enumerate(plot.rows):
        for index, value in enumerate(values):
            x = left + index * step + step * 0.1 + row * column
            if value is None:
                parts.append(p.missing(x + column / 2, zero))
                continue
            high, low = sorted((zero, scale.at(value)))
            colour, told = _colour(plot, row, index), plot.told(row, index)
            parts.append(p.rectangle(x, high, column, low - high, fill=colour, told=told))
    places = [left + (index + 0.5) * step for index in range(len(plot.labels))]
    parts.append(p.label_axis(plot.labels, places, ground, plot.width))
    return ground + 26, "".join(parts)
