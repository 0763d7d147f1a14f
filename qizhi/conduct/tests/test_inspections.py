"""Monthly inspections: each service with whom it refuses, and samples that are drawn again."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction

from qizhi.conduct.enums import InspectionStatus
from qizhi.conduct.kinds.per_event import PerEvent
from qizhi.conduct.models import Case, Inspection, Observation, SampleDraw
from qizhi.conduct.queries import inspections as queries
from qizhi.conduct.queries.samples import draw_again, frame_rows, latest_draw, sampled
from qizhi.conduct.rules.procedure import draw
from qizhi.conduct.services.drafts import draft_case, drop_case, facts_of_finding, facts_of_observation
from qizhi.conduct.services.inspections import (
    InspectionValues,
    close_inspection,
    draw_sample,
    reopen_inspection,
    save_inspection,
)
from qizhi.conduct.services.observations import (
    Seen,
    restore_observation,
    save_observation,
    withdraw_observation,
)
from qizhi.core import audit, clock, periods
from qizhi.core.errors import Refused
from qizhi.core.figures import Ask
from qizhi.core.ids import new_id
from qizhi.core.models import AuditEvent
from qizhi.org.models import Membership
from qizhi.regulations.models import Finding

D = dt.date
TODAY = D(2018, 1, 15)


@pytest.fixture
def by(cast):
    return cast.actor("inspector")


@pytest.fixture
def january(cast, by):
    """Of the first branch, five people, held today."""
    values = InspectionValues(
        D(2018, 1, 9), "一月检查", cast.person("inspector"), held_on=TODAY, units=(cast.first,)
    )
    return save_inspection(values, by=by)


@pytest.fixture
def seen(cast, rules, january, by):
    """Something of a member, by a clause."""
    what = Seen(D(2018, 1, 8), "未着制服", "现场", cast.person("member"), None, rules["MV-9"])
    return save_observation(january, what, by=by)


def test_an_inspection_is_made_once_and_its_name_once_a_month(cast, by, january):
    key = new_id()
    values = InspectionValues(D(2018, 2, 20), "检查", cast.person("inspector"))
    made = save_inspection(values, by=by, id=key)
    assert save_inspection(values, by=by, id=key) == made
    assert (made.month, Inspection.objects.count()) == (D(2018, 2, 1), 2)
    with pytest.raises(Refused, match="没有重复建立"):
        save_inspection(InspectionValues(D(2018, 1, 31), "一月检查", cast.person("inspector")), by=by)


def test_what_changes_in_an_inspection_is_told_in_words(cast, by, january):
    values = InspectionValues(
        D(2018, 1, 9), "一月检查", cast.person("leader"), held_on=TODAY, units=(cast.first, cast.second)
    )
    save_inspection(values, inspection=january, by=by)
    change, made = audit.tell(january)
    assert (made.what, made.changes) == ("登记", [])
    assert change.changes == [
        ("检查负责人", "纪检子", "局长丑"),
        ("受检组织", "第一党支部", "第一党支部、第二党支部"),
    ]


def test_a_sample_is_kept_with_whom_it_was_drawn_from_and_gives_the_same_again(cast, by, january):
    row = draw_sample(january, number=2, seed="一月", on=TODAY, by=by)
    assert row.frame == ["0001", "0002", "0003", "0004", "0005"]
    assert [one["staff_no"] for one in row.drawn] == draw(row.frame, 2, "一月")
    assert {one["unit"] for one in row.drawn} == {"第一党支部"}
    again = draw_again(row)
    assert (again.is_equal, again.is_equal_now, again.came, again.went) == (True, True, [], [])
    listed = frame_rows(row)
    assert sorted(str(one["staff_no"]) for one in listed[:2]) == draw(row.frame, 2, "一月")
    assert [one["is_drawn"] for one in listed] == ["抽中", "抽中", "", "", ""]
    assert draw_sample(january, number=2, seed="一月", on=TODAY, by=by) == row
    assert SampleDraw.objects.count() == 1


def test_records_corrected_after_the_draw_are_told_and_the_kept_list_still_holds(cast, by, january):
    row = draw_sample(january, number=2, seed="一月", on=TODAY, by=by)
    gone = row.drawn[0]
    Membership.objects.filter(person__staff_no=gone["staff_no"]).delete()
    Membership.objects.filter(person__staff_no="0006").update(unit=cast.first)
    again = draw_again(row)
    assert (again.is_equal, again.is_equal_now) == (True, False)
    assert (again.came, again.went) == (["0006"], [gone["staff_no"]])


def test_another_draw_needs_a_reason_and_the_first_stays(cast, by, january):
    first = draw_sample(january, number=2, seed="一月", on=TODAY, by=by)
    with pytest.raises(Refused, match="请写明理由") as refused:
        draw_sample(january, number=3, seed="一月", on=TODAY, by=by)
    assert refused.value.field == "because"
    with clock.at(D(2018, 1, 16)):
        second = draw_sample(january, number=3, seed="一月", on=TODAY, because="人数定错", by=by)
    assert latest_draw(january) == second
    assert {*SampleDraw.objects.all()} == {first, second}


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"number": 0}, "不能抽取0人"),
        ({"number": 6}, "共5人，不能抽取6人"),
        ({"on": D(2018, 1, 16)}, "还没有到"),
        ({"on": D(2014, 12, 31)}, "共0人"),
    ],
)
def test_what_cannot_be_drawn(by, january, values, said):
    with pytest.raises(Refused, match=said):
        draw_sample(january, **{"number": 2, "seed": "一月", "on": TODAY, **values}, by=by)
    assert not SampleDraw.objects.exists()


def test_an_inspection_without_units_has_no_sample(cast, by):
    values = InspectionValues(TODAY, "检查", cast.person("inspector"))
    with pytest.raises(Refused, match="还没有选受检组织"):
        draw_sample(save_inspection(values, by=by), number=1, seed="一月", on=TODAY, by=by)


@pytest.mark.parametrize(
    "verb", ["UPDATE conduct_sampledraw SET seed = 'x'", "DELETE FROM conduct_sampledraw"]
)
def test_the_database_keeps_samples_as_they_were_drawn(by, january, verb):
    row = draw_sample(january, number=2, seed="一月", on=TODAY, by=by)
    with (
        pytest.raises(IntegrityError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(verb)
    row.refresh_from_db()
    assert row.seed == "一月"


def test_what_was_seen_is_written_once(cast, by, rules, january):
    key, what = new_id(), Seen(D(2018, 1, 8), "未着制服", "现场", cast.person("member"))
    made = save_observation(january, what, by=by, id=key)
    assert save_observation(january, what, by=by, id=key) == made
    with pytest.raises(Refused, match="没有写明人员或组织"):
        save_observation(january, Seen(D(2018, 1, 8), "未着制服", "现场"), by=by)
    with pytest.raises(Refused, match="今天之后"):
        save_observation(january, Seen(D(2018, 1, 16), "未着制服", "现场", unit=cast.first), by=by)
    assert Observation.objects.count() == 1


def test_a_correction_has_a_reason_and_the_log_says_what_was_before(cast, by, january, seen):
    what = Seen(D(2018, 1, 9), "未着制服", "现场", cast.person("member"), None, seen.clause)
    with pytest.raises(Refused, match="更正的理由") as refused:
        save_observation(january, what, observation=seen, by=by)
    assert refused.value.field == "because"
    save_observation(january, what, observation=seen, because="看错\n日期", by=by)
    change = audit.tell(seen)[0]
    assert (change.what, change.because) == ("更正", "看错 日期")
    assert change.changes == [("发生日期", "2018年1月8日", "2018年1月9日")]
    events = AuditEvent.objects.count()
    save_observation(january, what, observation=seen, by=by)
    assert AuditEvent.objects.count() == events


def test_what_was_withdrawn_counts_for_nothing_and_is_restored(cast, by, seen):
    ask = Ask(cast.bureau.pk, periods.year(2018), D(2018, 12, 31))
    assert len(list(PerEvent().scan(seen.clause, ask))) == 1
    with pytest.raises(Refused, match="撤销的理由"):
        withdraw_observation(seen, because=" ", by=by)
    seen = withdraw_observation(seen, because="重复登记", by=by)
    assert withdraw_observation(seen, because="又一次", by=by).withdrawn_because == "重复登记"
    assert list(PerEvent().scan(seen.clause, ask)) == []
    with pytest.raises(Refused, match="已经撤销，不能立案"):
        facts_of_observation(seen)
    what = Seen(D(2018, 1, 9), "未着制服", "现场", seen.person)
    with pytest.raises(Refused, match="请先恢复"):
        save_observation(seen.inspection, what, observation=seen, because="看错", by=by)
    seen = restore_observation(seen, by=by)
    assert (seen.withdrawn_at, len(list(PerEvent().scan(seen.clause, ask)))) == (None, 1)


def test_a_case_holds_its_observation_and_a_dropped_one_lets_it_go(by, january, seen):
    case = draft_case(facts_of_observation(seen), by=by)
    assert (case.observation, case.inspection) == (seen, january)
    with pytest.raises(Refused, match="没有重复立案"):
        draft_case(facts_of_observation(seen), by=by)
    with pytest.raises(Refused, match="已经据此立案"):
        withdraw_observation(seen, because="重复登记", by=by)
    with pytest.raises(Refused, match="已经据此立案"):
        save_observation(january, Seen(TODAY, "别的", "现场", seen.person), observation=seen, by=by)
    drop_case(case, reason="事实不清", by=by)
    assert withdraw_observation(seen, because="事实不清", by=by).withdrawn_at is not None
    assert Case.objects.get().observation == seen


def test_an_inspection_that_is_over_takes_nothing_until_it_is_opened_again(cast, by, january, seen):
    closed = close_inspection(january, by=by)
    assert close_inspection(closed, by=by).status == InspectionStatus.CLOSED
    what = Seen(D(2018, 1, 9), "别的", "现场", cast.person("member"))
    values = InspectionValues(D(2018, 1, 9), "改名", cast.person("inspector"))
    for change in (
        lambda: save_observation(january, what, by=by),
        lambda: save_observation(january, what, observation=seen, because="看错", by=by),
        lambda: withdraw_observation(seen, because="重复", by=by),
        lambda: restore_observation(seen, by=by),
        lambda: save_inspection(values, inspection=january, by=by),
        lambda: draw_sample(january, number=1, seed="一月", on=TODAY, by=by),
    ):
        with pytest.raises(Refused, match="已经结束"):
            change()
    draft_case(facts_of_observation(seen), by=by)  # what was seen still leads to a case
    third = cast.actor("leader")
    with pytest.raises(Refused, match="重新打开的理由"):
        reopen_inspection(january, because="", by=third)
    assert reopen_inspection(january, because="漏记", by=third).status == InspectionStatus.OPEN
    assert reopen_inspection(january, because="", by=third).status == InspectionStatus.OPEN
    assert [(one.what, one.because) for one in audit.tell(january)][:2] == [
        ("重新打开", "漏记"),
        ("结束", ""),
    ]
    assert save_observation(january, what, by=by).inspection == january


def test_an_inspection_that_was_not_held_yet_is_not_over(cast, by):
    for day in (None, D(2018, 1, 16)):
        values = InspectionValues(TODAY, f"检查{day}", cast.person("inspector"), held_on=day)
        with pytest.raises(Refused, match="检查还没有进行"):
            close_inspection(save_inspection(values, by=by), by=by)


def _found(finding, slot, **values):
    same = {name: getattr(finding, name) for name in ("bureau", "run", "clause", "start", "end", "verdict")}
    words = {"required": "不得", "actual": "一次", "sentence": f"发现{slot}", "points": -1}
    return Finding.objects.create(**{**same, **words, "slot": slot, **values})


def test_candidates_are_those_of_the_scope_and_of_the_sample(cast, by, january, finding):
    """Of five findings of the month three are of the first branch, one of them of somebody who is drawn."""
    of_branch = _found(finding, "a", unit=cast.first)
    other = _found(finding, "b", person=cast.person("neighbour"))
    colleague = _found(finding, "c", person=cast.person("secretary"))
    _found(finding, "d", unit=cast.second, points=0)
    _found(finding, "e", unit=cast.first, start=D(2017, 12, 1), end=D(2017, 12, 31))
    assert {*queries.candidates_of(january)} == {finding, of_branch, colleague}
    assert {*queries.candidates_of(january, "all")} == {finding, of_branch, colleague, other}
    assert not queries.candidates_of(january, "sample").exists()
    seeds = (f"种子{n}" for n in range(100))
    seed = next(one for one in seeds if draw(["0001", "0002", "0003", "0004", "0005"], 1, one) == ["0004"])
    row = draw_sample(january, number=1, seed=seed, on=TODAY, by=by)
    assert {*queries.candidates_of(january, "sample")} == {finding}
    assert [(one.name, one.seen) for one in sampled(january, row)] == [("党员丁", 0)]
    narrowed = queries.narrowed(queries.candidates_of(january, "all"), text="书记己")
    assert {*narrowed} == {other}
    january.units.clear()
    assert {*queries.candidates_of(january)} == {finding, of_branch, colleague, other}


def test_a_fact_that_was_seen_and_found_is_one_case(cast, by, january, seen, finding):
    same = _found(finding, "f", person=cast.person("member"), occurrence=str(seen.pk))
    assert {*queries.candidates_of(january)} == {finding, same}
    Membership.objects.filter(person=cast.person("member")).delete()
    assert {*queries.candidates_of(january)} == {same}, "it is a clue of the inspection that has seen it"
    Membership.objects.create(
        bureau=cast.bureau, person=cast.person("member"), unit=cast.first, from_on=D(2015, 1, 1)
    )
    draft_case(facts_of_observation(seen), by=by)
    assert {*queries.candidates_of(january)} == {finding}
    draft_case(facts_of_finding(finding, inspection=january), by=by)
    assert not queries.candidates_of(january).exists()


def test_observations_are_found_by_what_is_known_of_them(cast, by, january, seen):
    of_unit = save_observation(january, Seen(D(2017, 12, 5), "台账不全", "翻阅", unit=cast.first), by=by)
    taken = save_observation(january, Seen(D(2018, 1, 5), "误记", "翻阅", unit=cast.second), by=by)
    withdraw_observation(taken, because="误记", by=by)

    def found(**wanted):
        return [*queries.observations_found(cast.bureau.pk, queries.Wanted(**wanted))]

    assert found() == [seen, of_unit]
    assert found(year=2017) == [of_unit]
    assert found(text="党员丁 制服") == [seen]
    assert found(text="第一党支部") == [of_unit]
    assert found(unit="z01") == [seen, of_unit]
    assert found(unit="z02") == []
    assert found(clause="MV-9") == [seen]
    assert found(state="withdrawn") == [taken]
    assert found(state="case") == []
    draft_case(facts_of_observation(seen), by=by)
    assert (found(state="case"), found(state="none")) == ([seen], [of_unit])
    assert queries.clauses_seen(cast.bureau.pk) == [("MV-9", seen.clause.source)]


@pytest.mark.parametrize(
    ("known", "year", "said"),
    [
        ([], 2018, queries.Months((), (), None)),
        ([D(2018, 1, 1)], 2018, queries.Months((1,), (2,), 3)),
        ([D(2017, 11, 1), D(2018, 3, 1)], 2018, queries.Months((3,), (1, 2), None)),
        ([D(2017, 11, 1), D(2018, 3, 1)], 2017, queries.Months((11,), (12,), None)),
        ([D(2017, 11, 1)], 2019, queries.Months((), (), None)),
    ],
)
def test_a_month_without_an_inspection_is_told_since_the_first_one(known, year, said):
    assert queries.months_of(known, year, D(2018, 3, 9)) == said
