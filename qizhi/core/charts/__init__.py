"""Charts drawn on the server as SVG: the same picture on a page, in a docx and in a PDF.

Ink and greys with one red for what the reader should see first. No scripts, no style attributes, no
identifiers, nothing from outside, so that a chart can stand inside a page under a strict content policy.
"""

from qizhi.core.charts.bars import bar_chart
from qizhi.core.charts.lines import line_chart
from qizhi.core.charts.multiples import small_multiples
from qizhi.core.charts.parts import Number, Series

__all__ = ["Number", "Series", "bar_chart", "line_chart", "small_multiples"]
