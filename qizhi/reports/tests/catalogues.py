"""A small catalogue for tests of the language, with the words of the app."""

from __future__ import annotations

from qizhi.reports.queries import words
from qizhi.reports.rules import Catalogue, ChartEntry, Entry

ENTRIES = {
    entry.key: entry
    for entry in (
        Entry("gatherings.centre_study", "中心组集中学习次数"),
        Entry("gatherings.lessons", "党课"),
        Entry("gatherings.flag_ceremony_day", "升旗仪式日期", is_day=True),
        Entry("study.plan_done_share", "学习计划完成率", is_share=True),
    )
}
CHARTS = {
    "months": ChartEntry("months", "逐月次数"),
    "ledgers": ChartEntry("ledgers", "台账", has_span=True),
}
CATALOGUE = Catalogue(ENTRIES.get, tuple(ENTRIES.values()), CHARTS, words())
