"""The pure part of the overview: its language, the numbers typed into it, round numbers."""

from qizhi.reports.rules.language import Catalogue, ChartEntry, Entry, Parsed, Problem, Style, Words
from qizhi.reports.rules.parser import parse
from qizhi.reports.rules.wording import approximate

__all__ = ["Catalogue", "ChartEntry", "Entry", "Parsed", "Problem", "Style", "Words", "approximate", "parse"]
