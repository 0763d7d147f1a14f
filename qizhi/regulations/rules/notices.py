"""Reading a holiday notice as it is published, and writing its days in the same words.

    二、春节：2月15日至21日放假调休，共7天。2月11日（星期日）、2月24日（星期六）上班。

The whole notice may be pasted, also as a PDF breaks it (`pasted`): headings, the opening sentence and the
date of signature are passed over. What speaks of days and cannot be understood, or contradicts itself (a
wrong weekday, a wrong number of days), is a problem for a person to solve; nothing is guessed.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import field

from qizhi.core.patterns import late
from qizhi.core.periods import say_day
from qizhi.core.values import dataclass
from qizhi.regulations.rules.pasted import plain_lines, whole_lines
from qizhi.regulations.rules.working_days import ONE_DAY, PaperDay

WEEKDAY_SIGNS = "一二三四五六日"
EARLIEST_DAY = 20
"""Of December: a notice reaches into the last days of the year before at the most."""

_DATE = r"(?:(\d{4})年)?(?:(\d{1,2})月)?(\d{1,2})日(?:\(([^)]*)\))?"
_SPAN = late(rf"{_DATE}(?:\s*[至到~—–-]\s*{_DATE})?")
_NAMED = late(r"^(?:[一二三四五六七八九十]+、|\d+[.、])?\s*(?:([^:。,]{1,30}):)?(.*)$")
_LOOSE_BRACKET = late(r"(?<!日)\([^)]*\)")
_BRACKET = late(r"\([^)]*\)")
_NUMBER = late(r"[\u4e00-\u9fff]{2,12}\s*[〔\[(]\s*\d{4}\s*[〕\])]\s*\d{1,4}\s*号")
_CITED = late(r"[(《][^)》]*\Z")
_ONLY_A_DATE = late(rf"(?:国务院(?:办公厅)?)?\s*{_DATE}")
_PROLONGED = late(r"(?:延长|顺延|延至)[^,]*假期?|假期[^,]*(?:延长|顺延|延至)")
_HALF_A_DAY = late(r"(?:[上下]午|半天)[^,]*放假|放假[^,]*半[天日]")
_FROM_THEN = late(r"日(?:\([^)]*\))?起[^,]*上班")
_TOTAL = late(r"共(\d+)天")


@dataclass(frozen=True)
class Reading:
    """What was understood: the days in order, and what was not, as Chinese sentences."""

    days: tuple[PaperDay, ...]
    problems: tuple[str, ...]


@dataclass
class _Reader:
    year: int
    said: dict[dt.date, PaperDay] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def line(self, raw: str) -> None:
        text = _LOOSE_BRACKET.sub("", raw)
        text = _BRACKET.sub(lambda one: re.sub("[,:;。]", "、", one[0]), text)  # (周五,除夕) is one remark
        if not _SPAN.search(text) or _ONLY_A_DATE.fullmatch(text):
            return
        match = _NAMED.match(text)
        name, body = (match[1] or "", match[2]) if match else ("", text)
        if _SPAN.search(name):
            name, body = "", text.replace(":", "")
        for sentence in re.split("[。;]", body):
            self.sentence(name.strip(), sentence)

    def sentence(self, name: str, sentence: str) -> None:
        if problem := _unreadable(sentence):
            self.problems.append(f"“{sentence.strip()}”：{problem}")
            return
        pending: list[dt.date] = []
        rest: set[dt.date] = set()
        for part in sentence.split(","):
            pending += self.dates(part)
            if _FROM_THEN.search(part):
                pending = []  # work as usual is no make-up day
            elif "上班" in part:
                self.say(name, pending, is_working=True)
                pending = []
            elif re.search("放假|补休|调休|公休", part):
                self.say(name, pending, is_working=False)
                rest.update(pending)
                pending = []
        if pending:
            self.problems.append(f"“{sentence.strip()}”：没有写明是放假还是上班。")
        total = _TOTAL.search(sentence)
        if total and int(total[1]) != len(rest):
            self.problems.append(
                f"“{sentence.strip()}”：写明共{total[1]}天，读出的是{len(rest)}天，请核对日期。"
            )

    def dates(self, part: str) -> list[dt.date]:
        found: list[dt.date] = []
        month = 0
        for match in _SPAN.finditer(part):
            first = self.date(match[0], (match[1], match[2] or month, match[3], match[4]))
            if first is None:
                continue
            month, last = first.month, first
            if match[7]:
                end = self.date(match[0], (match[5] or first.year, match[6] or month, match[7], match[8]))
                if end is None:
                    continue
                last, month = end, end.month
            if last < first:
                self.problems.append(f"“{match[0]}”：截止日期早于起始日期。")
            while first <= last:
                found.append(first)
                first += ONE_DAY
        return found

    def date(self, quoted: str, parts: tuple[str | int | None, ...]) -> dt.date | None:
        year, month, day, remark = parts
        try:
            value = dt.date(int(year or self.year), int(month or 0), int(day or 0))
        except ValueError:
            self.problems.append(f"“{quoted}”：没有这一天，或没有写月份。")
            return None
        weekday = re.search(r"(?:星期|周)([一二三四五六日天])", str(remark or ""))
        if weekday and weekday[1].replace("天", "日") != WEEKDAY_SIGNS[value.weekday()]:
            self.problems.append(
                f"“{quoted}”：{say_day(value)}是星期{WEEKDAY_SIGNS[value.weekday()]}，请核对日期。"
            )
        if not dt.date(self.year - 1, 12, EARLIEST_DAY) <= value <= dt.date(self.year, 12, 31):
            self.problems.append(f"“{quoted}”：不在{self.year}年的安排之内。")
            return None
        return value

    def say(self, name: str, days: Iterable[dt.date], *, is_working: bool) -> None:
        for day in days:
            earlier = self.said.setdefault(day, PaperDay(day, is_working, name))
            if earlier.is_working != is_working:
                self.problems.append(f"{say_day(day)}既写放假又写上班，请核对。")


def _unreadable(sentence: str) -> str:
    """Why the days of a sentence cannot be taken as they stand; empty where they can."""
    if _PROLONGED.search(sentence):
        # From which day on it is longer stands in the paper before this one.
        return (
            "延长假期的，没有写明从哪天起放假，读不出来。"
            "请对照原来的通知，把增加的日子改写成“春节：1月31日至2月2日放假。”这样的一句。"
        )
    if _HALF_A_DAY.search(sentence) and _SPAN.search(sentence):
        return "只放半天的日子仍是工作日，请删去这一句。"
    return ""


def read_notice(text: str, year: int) -> Reading:
    """Read the notice for a year; the reading holds the problems, none is raised."""
    reader = _Reader(year)
    for line in whole_lines(text):
        reader.line(line)
    if not reader.said and not reader.problems:
        reader.problems.append(
            "没有读出任何放假或上班的日期。请按“春节：2月15日至21日放假。2月11日上班。”的写法填写。"
        )
    days = tuple(reader.said[day] for day in sorted(reader.said))
    return Reading(days, tuple(dict.fromkeys(reader.problems)))


def read_number(text: str) -> str:
    """The number of the paper, 国办发明电〔2017〕12号, where the pasted words have it; else empty.

    The one that stands alone on its line; else the only one that no bracket or title cites, since the
    notice of a place quotes the number of the national one.
    """
    lines = [line.removeprefix("文号:") for line in plain_lines(text)]
    for line in lines:
        if _NUMBER.fullmatch(line.strip()):
            return _as_printed(line)
    found = {
        _as_printed(one[0])
        for line in lines
        for one in _NUMBER.finditer(line)
        if not _CITED.search(line[: one.start()])
    }
    return found.pop() if len(found) == 1 else ""


def as_number(doc_no: str) -> str:
    """A number in the form in which two of them can be compared; empty for 待核 and what is no number."""
    plain = unicodedata.normalize("NFKC", doc_no).strip()
    return _as_printed(plain) if _NUMBER.fullmatch(plain) else ""


def _as_printed(number: str) -> str:
    return re.sub(r"[\[(〔](\d{4})[\])〕]", r"〔\1〕", re.sub(r"\s", "", number))


def write_notice(days: Iterable[PaperDay], year: int) -> str:
    """The days in the words of a notice, one line a festival; `read_notice` reads them back unchanged."""
    by_name: dict[str, list[PaperDay]] = {}
    for day in sorted(days, key=lambda d: d.on):
        by_name.setdefault(day.name, []).append(day)
    return "\n".join(_festival(name, said, year) for name, said in by_name.items())


def _festival(name: str, days: list[PaperDay], year: int) -> str:
    rest = "、".join(_say_span(span, year) for span in _spans(day.on for day in days if not day.is_working))
    work = "、".join(_say_day(day.on, year) for day in days if day.is_working)
    sentences = f"{rest}放假。" * bool(rest) + f"{work}上班。" * bool(work)
    return f"{name}：{sentences}" if name else sentences


def _spans(days: Iterable[dt.date]) -> list[tuple[dt.date, dt.date]]:
    spans: list[tuple[dt.date, dt.date]] = []
    for day in days:
        if spans and spans[-1][1] + ONE_DAY == day:
            spans[-1] = (spans[-1][0], day)
        else:
            spans.append((day, day))
    return spans


def _say_span(span: tuple[dt.date, dt.date], year: int) -> str:
    first, last = span
    start = _say_day(first, year)
    return start if first == last else f"{start}至{_say_day(last, year, first.year)}"


def _say_day(day: dt.date, year: int, after: int = 0) -> str:
    """The year is written where it is not the notice's own, or where a span has just left it."""
    lead = f"{day.year}年" if day.year != year or (after and after != day.year) else ""
    return f"{lead}{day.month}月{day.day}日"
