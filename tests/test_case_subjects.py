"""Golden cases tell of what is easily got wrong: looked for in the facts and steps themselves, not in names."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from qizhi.regulations.kinds import kind_by_key
from qizhi.regulations.services.cases import read_case_file, try_case, try_cases
from qizhi.regulations.services.files import national_papers
from qizhi.web.stories import read_stories
from qzlib.places import ROOT
from tests.test_cases import FAILED, GRANTING, INSTALLED

OWN = sorted((ROOT / "tests" / "cases").glob("*.yaml"))
FESTIVALS = {"春节": ((1, 10), (3, 10)), "国庆节": ((9, 15), (10, 20))}
"""Between which days, month and day, work is moved around them."""
SATURDAY = 5
LEAST = 40
STORIES = [story for file in map(read_case_file, OWN) for story in read_stories(file)]
FACTS, CORRECTIONS = (
    ("登记公文", "登记活动", "登记请假", "检查记录"),
    ("更正公文", "更正活动", "更正检查记录"),
)


@pytest.fixture(scope="module")
def told():
    """Each golden case of our own with all that was said of it."""
    found = []
    for file in map(read_case_file, OWN):
        found += [(one.case, "".join(said.reason for said in one.outcomes)) for one in try_cases(file)]
    return found


def test_there_are_many_more_than_forty(told):
    assert len(told) >= LEAST
    assert len(STORIES) >= LEAST // 2


def _moved(festival):
    """Saturdays and Sundays that are worked around the festival, by year."""
    (first, last), found = FESTIVALS[festival], {}
    for paper in national_papers():
        start, end = dt.date(paper.year, *first), dt.date(paper.year, *last)
        days = [one.on for one in paper.days if one.is_working and one.on.weekday() >= SATURDAY]
        found[paper.year] = [day for day in days if start <= day <= end]
    return found


@pytest.mark.parametrize("festival", FESTIVALS)
def test_days_that_are_worked_around_a_festival_are_counted_in_three_years(told, festival):
    years = {
        year
        for year, days in _moved(festival).items()
        for case, said in told
        if f"{year}年" in said and any(f"{day.month}月{day.day}日" in said.partition("（")[2] for day in days)
    }
    assert len(years) >= 3, years


def _days(value):
    for one in value if isinstance(value, list) else [value]:
        try:
            yield dt.date.fromisoformat(str(one).split()[0])
        except (ValueError, IndexError):
            continue


def test_a_deadline_runs_over_the_turn_of_a_year(told):
    over = set()
    for case, _ in told:
        start = next(_days(case.given.get("收到") or case.given.get("期限") or ""), None)
        end = next(_days(case.given.get("办结") or ""), None)
        if start and end and end.year == start.year + 1:
            over.add(case.expected)
    assert over >= {"符合", "未达到", "未知"}


def _comes(steps, *wanted):
    """Whether steps of these verbs come one after the other, others between them or not."""
    left = iter(steps)
    return all(
        any(step.verb in (verbs if isinstance(verbs, tuple) else (verbs,)) for step in left)
        for verbs in wanted
    )


def _changes_between_fact_and_run(story):
    """A fact, then a new version, and only then the first run, which finds something."""
    verbs = [step.verb for step in story.steps]
    if "新版" not in verbs or "核算" not in verbs:
        return False
    new, run = verbs.index("新版"), verbs.index("核算")
    return (
        any(verb in FACTS for verb in verbs[:new])
        and new < run
        and bool(story.steps[run].expected.get("成立"))
    )


def _won(story):
    reviews = [n for n, step in enumerate(story.steps) if step.verb == "复核" and not step.refused]
    won = [n for n in reviews if str(story.steps[n].details.get("结论")) in {"cancelled", "撤销"}]
    return bool(won) and _comes(story.steps[: won[0]], "申诉") and _comes(story.steps[won[0] :], "核算")


SUBJECTS = {
    "a calendar amended after the fact": lambda one: _comes(one.steps, FACTS, "核算", "更正通知", "核算"),
    "a regional day": lambda one: _comes(one.steps, FACTS, "核算", "地区通知", "核算"),
    "a notice that was not there yet": lambda one: (
        one.lacking and _comes(one.steps, "核算", "补录通知", "核算")
    ),
    "a rule changed between the fact and the run": _changes_between_fact_and_run,
    "a case withdrawn on appeal, and a run again": _won,
    "a corrected fact, run again twice": lambda one: _comes(
        one.steps, FACTS, "核算", CORRECTIONS, "核算", CORRECTIONS, "核算"
    ),
    "a settled month": lambda one: any(
        step.verb == "核算" and step.expected.get("建议") and _comes(one.steps[:n], "结账")
        for n, step in enumerate(one.steps)
    ),
    "a late appeal": lambda one: _comes(one.steps, "生效", "申诉", "逾期申诉"),
    "who may not act": lambda one: any(step.refused and step.details.get("由") for step in one.steps),
    "a finding withdrawn by a person, and a run again": lambda one: _comes(one.steps, "撤销发现", "核算"),
}


@pytest.mark.parametrize("subject", SUBJECTS)
def test_a_story_tells_of(subject):
    told_by = [story.name for story in STORIES if SUBJECTS[subject](story)]
    assert told_by, subject


def _versions():
    for path in INSTALLED:
        file = read_case_file(path)
        for clause, kind in file.kinds.items():
            for first in sorted({one.from_on for one in file.clauses[kind] if one.key == clause}):
                yield pytest.param(file, clause, first, id=f"{path.stem} {clause} {first}")


@pytest.mark.parametrize(("file", "clause", "first"), [*_versions()])
def test_each_version_of_a_clause_is_met_and_violated_by_cases_of_its_own(file, clause, first):
    """As if there were no other version: what it says of the cases on its days."""
    kind, papers = kind_by_key(file.kinds[clause]), national_papers()
    alone = [one for one in file.clauses[kind.key] if one.key != clause or one.from_on == first]
    words = set()
    for case in file.cases:
        if case.clause == clause:
            tried = try_case(dataclasses.replace(case, expected={}), kind, alone, papers)
            words |= {one.word for one in tried.outcomes}
    assert "符合" in words
    assert words & FAILED or kind.key in GRANTING
