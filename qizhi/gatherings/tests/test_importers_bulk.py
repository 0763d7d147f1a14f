"""Many rows in few queries; any text in any cell is answered, never with a crash."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qizhi.core import imports
from qizhi.core.imports import What
from qizhi.core.periods import Period
from qizhi.core.permissions import system
from qizhi.core.tables import BadCell, TableReading, read_table, write_csv
from qizhi.gatherings.enums import RollState
from qizhi.gatherings.importers import GATHERINGS
from qizhi.gatherings.importers.people import People
from qizhi.gatherings.importers.words import SAME_WORDS, Kinds, Units
from qizhi.gatherings.models import Gathering, Kind, LedgerEntry
from qizhi.gatherings.services import RollFact, load_standard_kinds
from qizhi.org.models import Unit

COLUMNS = ("unit", "kinds", "chair", "lecturers", "excused", "absent", "made_up", "series", "title", "place")


@pytest.fixture(autouse=True)
def _kinds(cast):
    load_standard_kinds(cast.bureau, by=system(cast.bureau.pk))


def _rows(number, place="会议室"):
    return [
        {
            "unit": "第一党支部",
            "held_on": dt.date(2015, 1, 2) + dt.timedelta(days=day),
            "kinds": "支部党员大会、主题党日、党课",
            "chair": "书记甲",
            "lecturers": "委员乙、外请:示例教授",
            "excused": "党员丁(出差)",
            "absent": "委员丙",
            "place": place,
            "topics": "学习\n讨论",
        }
        for day in range(number)
    ]


def _reading(cast, rows):
    schema = GATHERINGS.schema(cast.bureau.pk)
    return read_table(write_csv(schema, rows), "台账.csv", schema)


def _run(cast, rows, *, write):
    reading = _reading(cast, rows)
    actor = cast.actor("officer")
    with CaptureQueriesContext(connection) as queries:
        outcome = GATHERINGS.run(reading, actor, write=write)
    assert outcome.errors == []
    return outcome, len(queries)


def test_the_number_of_queries_does_not_grow_with_the_rows(cast):
    assert _run(cast, _rows(3), write=False)[1] == _run(cast, _rows(30), write=False)[1]
    three = _run(cast, _rows(3), write=True)[1]
    Gathering.objects.all().delete()
    assert _run(cast, _rows(30), write=True)[1] == three


def test_checking_known_rows_takes_as_few_queries(cast):
    _run(cast, _rows(30), write=True)
    three, thirty = _run(cast, _rows(3), write=False), _run(cast, _rows(30), write=False)
    assert (three[0].count(What.SAME), thirty[0].count(What.SAME)) == (3, 30)
    assert three[1] == thirty[1]


def test_changing_rows_takes_as_few_queries(cast):
    _run(cast, _rows(30), write=True)
    three = _run(cast, _rows(3, "三楼"), write=True)
    thirty = _run(cast, _rows(30, "四楼"), write=True)
    assert (three[0].count(What.CHANGED), thirty[0].count(What.CHANGED)) == (3, 30)
    assert three[1] == thirty[1]


def test_five_hundred_rows_come_in_at_once(cast):
    schema, actor = GATHERINGS.schema(cast.bureau.pk), cast.actor("officer")
    content = write_csv(schema, _rows(500))
    draft = imports.keep_draft(GATHERINGS, filename="台账.csv", content=content, by=actor)
    outcome = imports.apply_draft(GATHERINGS, draft, actor)
    assert outcome.count(What.NEW) == Gathering.objects.count() == 500
    assert LedgerEntry.objects.count() == 500 * 4


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("主题党日；党课/支委会+党员大会", ["theme-day", "lesson", "committee", "congress"]),
        ("支部党员大会暨主题党日活动", ["congress", "theme-day"]),
        ("三会一课（支委会）", ["committee"]),
        ("三会一课、党课", ["lesson"]),
        ("党支部委员会会议", ["committee"]),
        ("召开支部党员大会\n开展志愿服务活动", ["congress", "volunteer"]),
        ("theme-day", ["theme-day"]),
        ("党课，党课", ["lesson"]),
    ],
)
def test_kinds_are_found_by_the_words_that_people_use(cast, text, keys):
    assert [kind.key for kind in Kinds(cast.bureau.pk).find(text, cast.first)] == keys


def test_every_other_word_leads_to_the_standard_kind_it_stands_under(cast):
    kinds = Kinds(cast.bureau.pk)
    found = {code: {kinds.find(word, None)[0].key for word in words} for code, words in SAME_WORDS.items()}
    assert found == {code: {code} for code in SAME_WORDS}


def test_a_kind_of_ones_own_goes_before_other_words_and_lends_itself_to_them(cast):
    Kind.objects.filter(bureau=cast.bureau, key="theme-day").delete()
    Kind.objects.create(bureau=cast.bureau, key="party-day", name="主题党日")
    Kind.objects.create(bureau=cast.bureau, key="own", name="党员活动日")
    Kind.objects.create(bureau=cast.bureau, key="staff-lesson", name="党课", unit_kinds=["department"])
    kinds = Kinds(cast.bureau.pk)
    words = ("统一活动日", "党员活动日", "党课")
    assert [kinds.find(word, cast.first)[0].key for word in words] == ["party-day", "own", "lesson"]
    assert kinds.find("党课", cast.department)[0].key == "staff-lesson"
    with pytest.raises(BadCell, match="有 2 种活动都叫“党课”"):
        kinds.find("党课", None)


def test_groups_of_one_name_are_told_apart_by_their_branch(cast):
    other = Unit.objects.create(
        bureau=cast.bureau,
        kind="group",
        code="z02-1",
        name="第一党小组",
        parent=cast.second,
        path=f"{cast.second.path}z02-1/",
        from_on=dt.date(2015, 1, 1),
    )
    units, days = Units(cast.actor("officer")), Period(dt.date(2017, 3, 5), dt.date(2017, 3, 5))
    assert units.find("一支部", days) == units.find("第一党支部", days) == cast.first
    assert units.find("第二党支部第一党小组", days) == units.find("z02-1", days) == other
    assert units.word(other, days) == "第二党支部第一党小组"
    with pytest.raises(BadCell, match="有 2 个组织都叫“第一党小组”"):
        units.find("第一党小组", days)
    assert Units(cast.actor("secretary")).find("第一党小组", days) == cast.group
    Unit.objects.filter(pk=other.pk).update(to_on=dt.date(2016, 12, 31))
    assert Units(cast.actor("officer")).find("第一党小组", days) == cast.group


@pytest.mark.parametrize("state", list(RollState))
def test_what_is_written_about_the_roll_is_read_again_as_far_as_it_can_be(cast, state):
    people, person = People(cast.bureau.pk), cast.person("member")
    day = dt.date(2017, 4, 5) if state == RollState.MADE_UP else None
    for reason in ("", "出差", "病假，住院", "0004", "(括号)", "2017-01-01", "无"):
        word = people.word_away(RollFact(person, state, reason, day))
        (one,) = people.away(word, (), state)
        assert (one.person, one.made_up_on) == (person, day)
        assert one.reason in {reason, ""}
    assert people.word_away(RollFact(person, state, "出差", None)) == "党员丁(出差)"


WORDS = (
    *("党员丁", "书记甲", "0004", "外请:", "（", "）", "、", "，", " ", "\n", "无", "等", "党课", "三会一课"),
    *(
        "+",
        "暨",
        "2017-01-01",
        "第一党支部",
        "第一党小组",
        "支部",
        "/",
        "·",
        ":",
        "\u3000",
        "(",
        ")",
        "1",
        "'",
    ),
)
texts = st.one_of(st.text(max_size=20), st.lists(st.sampled_from(WORDS), max_size=6).map("".join))


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    cells=st.fixed_dictionaries(dict.fromkeys(COLUMNS, texts)),
    who=st.sampled_from(["officer", "secretary"]),
)
def test_any_text_in_any_cell_is_answered(cast, cells, who):
    importer = GATHERINGS
    schema = importer.schema(cast.bureau.pk)
    good = {"unit": "第一党支部", "held_on": "2017-3-5", "kinds": "党课"}
    rows = [{**good, key: cells[key]} for key in cells] + [good | cells]
    reading = read_table(write_csv(schema, rows), "台账.csv", schema)
    assert isinstance(reading, TableReading)
    outcome = importer.run(reading, cast.actor(who), write=False)
    assert len(outcome.lines) + len({error.row for error in outcome.errors}) >= 1
    assert all(error.reason for error in outcome.errors)
