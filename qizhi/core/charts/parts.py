"""What all charts share: series, numbers in words, scales, and SVG elements with every text escaped."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from xml.sax.saxutils import escape, quoteattr

from qizhi.core.text import clean, one_line, shortened, width_em
from qizhi.core.values import dataclass

INK, SLATE, GREY, PALE, TRACK, RED = "#1F2328", "#565D66", "#8A9099", "#C3C8CE", "#ECEEF0", "#B3261E"
FONTS = "'PingFang SC', 'Microsoft YaHei', 'Noto Sans SC', 'Noto Sans CJK SC', sans-serif"
SIZE, SMALL = 14, 13  # at 640 pixels across a sheet not below 小五, the least that is read on paper
TITLE_ROOM, LEGEND_ROOM = 30, 26
NOTHING = "—"
EMPTY = "没有数据"
SERIES_COLOURS = (PALE, SLATE, GREY, INK)  # of several; what was due comes first and stays pale

Number = int | float | Decimal | Fraction
Attributes = Mapping[str, str | float]


@dataclass(frozen=True, slots=True)
class Series:
    """Values under one name, one for each label of the chart; None where nothing was due or known."""

    name: str
    values: tuple[Number | None, ...]

    def floats(self, count: int) -> list[float | None]:
        """The first `count` values, filled up with None; what is not finite counts as None."""
        values = [finite(value) for value in self.values[:count]]
        return values + [None] * (count - len(values))


@dataclass(frozen=True, slots=True)
class Heading:
    """Title of a chart, its words for screen readers, and whether the title is printed above it."""

    title: str
    description: str
    is_shown: bool


@dataclass(frozen=True, slots=True)
class Plot:
    """What is to be drawn: labels, series, their values as floats, and how they are told."""

    labels: tuple[str, ...]
    names: tuple[str, ...]
    rows: tuple[tuple[float | None, ...], ...]
    unit: str
    maximum: float | None
    accent: int | None
    width: float

    @property
    def values(self) -> tuple[float | None, ...]:
        """All values of all series."""
        return tuple(value for row in self.rows for value in row)

    @property
    def is_empty(self) -> bool:
        """Whether there is no value at all."""
        return all(value is None for value in self.values)

    def told(self, row: int, label: int) -> str:
        """A value in words: series, label, number and unit."""
        name = self.names[row] if len(self.names) > 1 else ""
        return f"{name} {self.labels[label]}：{number_text(self.rows[row][label], self.unit)}".strip()

    def description(self, most: int = 40) -> str:
        """The values in words; after `most` values the rest is only counted."""
        places = [(row, label) for row in range(len(self.rows)) for label in range(len(self.labels))]
        rest = len(places) - most
        told = "；".join(self.told(row, label) for row, label in places[:most])
        return told + (f"；另有 {rest} 个数值见表" if rest > 0 else "")


def make_plot(
    labels: Sequence[str],
    series: Sequence[Series],
    *,
    unit: str,
    maximum: Number | None,
    accent: int | None,
    width: float,
) -> Plot:
    """Turn what a caller gave into a plot; series that are too short are filled up with None."""
    return Plot(
        labels=tuple(one_line(label) for label in labels),
        names=tuple(one_line(one.name) for one in series),
        rows=tuple(tuple(one.floats(len(labels))) for one in series),
        unit=one_line(unit),
        maximum=finite(maximum),
        accent=accent,
        width=width,
    )


def finite(value: Number | None) -> float | None:
    """Return a value as a float; None for None, infinity, and what is not a number."""
    if value is None:
        return None
    try:
        number = float(value)
    except (OverflowError, ValueError):
        return None
    return number if math.isfinite(number) and abs(number) < 1e15 else None  # noqa: PLR2004 - beyond: no figure


def number_text(value: float | None, unit: str = "") -> str:
    """Write a value with at most one decimal, rounded half up, and its unit; `—` for None."""
    if value is None:
        return NOTHING
    rounded = Decimal(repr(value)).quantize(Decimal("0.1"), ROUND_HALF_UP)
    text = f"{rounded:f}".removesuffix(".0")
    return f"{'0' if text == '-0' else text}{unit}"


@dataclass(frozen=True, slots=True)
class Scale:
    """A straight scale from values to pixels, with round ticks."""

    low: float
    high: float
    start: float
    end: float
    step: float

    def at(self, value: float) -> float:
        """Pixel of a value; a value beyond the ends stays at the end."""
        share = (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)
        return self.start + share * (self.end - self.start)

    def ticks(self) -> list[float]:
        """Round values from the low to the high end."""
        count = round((self.high - self.low) / self.step)
        return [self.low + index * self.step for index in range(count + 1)]


def make_scale(
    values: Sequence[float | None], start: float, end: float, maximum: float | None = None, parts: int = 4
) -> Scale:
    """Make a scale that holds 0 and all values, its ends at round ticks or at `maximum`."""
    known = [value for value in values if value is not None]
    high, low = max([0.0, *known]), min([0.0, *known])
    if maximum is not None and maximum > 0:
        high = maximum
    step = _round_step((high - low) / parts)
    low_end = math.floor(low / step + 1e-9) * step
    high_end = max(math.ceil(high / step - 1e-9) * step, low_end + step)
    return Scale(low_end, high_end, start, end, step)


def tight_scale(plot: Plot, start: float, end: float) -> Scale:
    """Make a scale that ends exactly at the largest value, or at the plot's maximum."""
    known = [value for value in plot.values if value is not None]
    low, high = min([0.0, *known]), max([0.0, *known])
    if plot.maximum is not None and plot.maximum > 0:
        high = plot.maximum
    return Scale(low, high if high > low else low + 1.0, start, end, 1.0)


def _round_step(raw: float) -> float:
    if raw <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(raw))
    return next(power * lead for lead in (1, 2, 5, 10) if power * lead >= raw * (1 - 1e-9))


def element(name: str, attributes: Attributes, inside: str = "") -> str:
    """One SVG element; attribute values are escaped here, `inside` must be markup already."""
    written = "".join(
        f" {key.replace('_', '-')}={quoteattr(_plain(value))}" for key, value in attributes.items()
    )
    return f"<{name}{written}>{inside}</{name}>" if inside else f"<{name}{written}/>"


def _plain(value: str | float) -> str:
    return clean(value) if isinstance(value, str) else f"{value:.2f}".rstrip("0").rstrip(".")


def words(
    x: float, y: float, text: str, *, fill: str = INK, anchor: str = "start", size: float = SIZE
) -> str:
    """A line of text whose baseline starts, ends or is centred (`middle`) at a point."""
    at: Attributes = {"x": x, "y": y, "fill": fill, "text_anchor": anchor, "font_size": size}
    return element("text", at, escape(clean(text)) or " ")


def rectangle(x: float, y: float, width: float, height: float, *, fill: str, told: str = "") -> str:
    """A filled rectangle; `told` is shown when a pointer rests on it."""
    at: Attributes = {"x": x, "y": y, "width": max(width, 0.0), "height": max(height, 0.0), "fill": fill}
    return element("rect", at, hover(told))


def hover(told: str) -> str:
    """Words shown when a pointer rests on an element."""
    return f"<title>{escape(clean(told))}</title>" if told else ""


def rule(x1: float, y1: float, x2: float, y2: float, stroke: str = PALE) -> str:
    """A hairline."""
    return element("line", {"x1": x1, "y1": y1, "x2": x2, "y2": y2, "stroke": stroke, "stroke_width": 1})


def legend(names: Sequence[str], colours: Sequence[str], y: float, width: float) -> str:
    """Names of the series with their colours, in one row; names are shortened to share its width."""
    room = width / max(len(names), 1)
    x, parts = 0.0, []
    for name, colour in zip(names, colours, strict=False):
        text = shortened(name, (room - 28) / SMALL)
        parts.append(rectangle(x, y - 10, 12, 12, fill=colour) + words(x + 18, y, text, size=SMALL))
        x += 18 + width_em(text) * SMALL + 20
    return "".join(parts)


def drawing(plot: Plot, height: float, inside: str, heading: Heading) -> str:
    """Close a chart: root element, name and description for screen readers, title and content.

    Args:
        plot: what was drawn.
        height: pixels of the content, the title not counted.
        inside: elements, the content's upper edge at 0.
        heading: title and description.
    """
    top = TITLE_ROOM if heading.is_shown else 0
    name = one_line(heading.title) or EMPTY
    title = words(0, 18, shortened(name, plot.width / 16), size=16) if heading.is_shown else ""
    told = clean(heading.description) or (EMPTY if plot.is_empty else plot.description())
    spoken = f"<title>{escape(name)}</title><desc>{escape(told)}</desc>"
    root: Attributes = {
        "xmlns": "http://www.w3.org/2000/svg",
        "viewBox": f"0 0 {plot.width:g} {height + top:g}",
        "width": plot.width,
        "height": height + top,
        "role": "img",
        "aria-label": name,
        "font_family": FONTS,
    }
    return element("svg", root, spoken + title + element("g", {"transform": f"translate(0 {top})"}, inside))


def empty_drawing(plot: Plot, heading: Heading) -> str:
    """A chart without data says so."""
    frame: Attributes = {
        "x": 0.5,
        "y": 0.5,
        "width": plot.width - 1,
        "height": 83,
        "fill": "none",
        "stroke": PALE,
    }
    text = words(plot.width / 2, 48, EMPTY, fill=SLATE, anchor="middle")
    return drawing(plot, 84, element("rect", frame) + text, heading)


def value_axis(scale: Scale, unit: str, width: float) -> tuple[float, str]:
    """Ticks with hairlines for an upright scale, the unit at the highest; and where the content starts."""
    texts = [number_text(tick) for tick in scale.ticks()]
    texts[-1] += unit
    left = max(width_em(text) for text in texts) * SMALL + 10
    marks = []
    for tick, text in zip(scale.ticks(), texts, strict=True):
        y = scale.at(tick)
        marks.append(rule(left, y, width, y, GREY if tick == 0 else TRACK))
        marks.append(words(left - 8, y + 4, text, fill=SLATE, anchor="end", size=SMALL))
    return left, "".join(marks)


def label_axis(labels: Sequence[str], places: Sequence[float], y: float, width: float) -> str:
    """Labels below an axis, as many as find room, the first and the last always among them."""
    if not labels:
        return ""
    widest = min(max(width_em(label) for label in labels), 8.0)
    room = max(1, int(width * 0.9 / (widest * SMALL + 8)))
    every = -(-len(labels) // room)
    marks = []
    for index, (label, x) in enumerate(zip(labels, places, strict=True)):
        last = index == len(labels) - 1
        if not last and (index % every or len(labels) - 1 - index < every):
            continue
        text = shortened(label, widest)
        half = width_em(text) * SMALL / 2
        inside = min(max(x, half), width - half)
        marks.append(words(inside, y + 18, text, fill=SLATE, anchor="middle", size=SMALL))
    return "".join(marks)


def missing(x: float, ground: float) -> str:
    """The sign for a value that is not there, just above the ground."""
    return words(x, ground - 3, NOTHING, fill=SLATE, anchor="middle", size=SMALL)
