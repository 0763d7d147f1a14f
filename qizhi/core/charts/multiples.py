"""Small multiples: one small chart a series, all on one scale, so that shapes and sizes can be compared."""

from __future__ import annotations

from collections.abc import Sequence

from qizhi.core.charts import parts as p
from qizhi.core.charts.parts import Number, Plot, Series
from qizhi.core.text import shortened, width_em

PANEL, GUTTER = 150, 22
COLUMNS_HEIGHT, HEAD, FOOT = 62, 24, 26


def small_multiples(
    title: str,
    labels: Sequence[str],
    panels: Sequence[Series],
    *,
    unit: str = "",
    description: str = "",
    maximum: Number | None = None,
    accent: int | None = None,
    width: int = 640,
    show_title: bool = True,
) -> str:
    """Draw a panel of columns for each series, such as a branch over the months.

    Args:
        title: name of the chart.
        labels: places on the axis of every panel, such as the twelve months.
        panels: a series for each panel, with a value for each label.
        unit: Chinese unit of the values.
        description: read aloud after the title; the values in words if empty.
        maximum: end of the scale; the largest value if None.
        accent: index of the label whose column is red in every panel, such as the month reported on.
        width: pixels; decides how many panels stand in a row.
        show_title: whether the title is printed above.

    Returns:
        An SVG element.
    """
    heading = p.Heading(title, description, show_title)
    plot = p.make_plot(labels, panels, unit=unit, maximum=maximum, accent=accent, width=width)
    if plot.is_empty:
        return p.empty_drawing(plot, heading)
    across = max(1, min(len(panels), int((width + GUTTER) // (PANEL + GUTTER))))
    panel_width = (width + GUTTER) / across - GUTTER
    panel_height = HEAD + COLUMNS_HEIGHT + FOOT
    scale = p.make_scale(plot.values, HEAD + COLUMNS_HEIGHT, HEAD, plot.maximum, parts=2)
    drawn = []
    for index in range(len(panels)):
        x, y = (index % across) * (panel_width + GUTTER), (index // across) * panel_height
        inside = _panel(plot, index, scale, panel_width)
        drawn.append(p.element("g", {"transform": f"translate({x:.1f} {y:.1f})"}, inside))
    height = -(-len(panels) // across) * panel_height
    return p.drawing(plot, height, "".join(drawn), heading)


def _panel(plot: Plot, row: int, scale: p.Scale, width: float) -> str:
    name, values = plot.names[row], plot.rows[row]
    known = [value for value in values if value is not None]
    note = f"最高 {p.number_text(max(known), plot.unit) if known else p.NOTHING}"
    room = width / p.SMALL - width_em(note) - 1
    step, zero, top = width / len(values), scale.at(0.0), scale.at(scale.high)
    parts = [
        p.element("g", {}, p.hover(name) + p.words(0, 14, shortened(name, max(room, 3.0)), size=p.SMALL)),
        p.words(width, 14, note, fill=p.SLATE, anchor="end", size=p.SMALL),
        p.rule(0, top, width, top, p.TRACK),
    ]
    for index, value in enumerate(values):
        x = index * step
        if value is None:
            parts.append(p.missing(x + step / 2, zero))
            continue
        high, low = sorted((zero, scale.at(value)))
        colour = p.RED if index == plot.accent else p.SLATE
        told = plot.told(row, index)
        parts.append(p.rectangle(x + step * 0.12, high, step * 0.76, low - high, fill=colour, told=told))
    parts.append(p.rule(0, zero, width, zero, p.GREY))
    ends = plot.labels if len(plot.labels) == 1 else (plot.labels[0], plot.labels[-1])
    parts.append(p.label_axis(ends, (0.0, width)[: len(ends)], scale.start, width))
    return "".join(parts)
