"""The kinds `missing_item` and `ratio`: what the database finds, held against the roll of each gathering."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qizhi.core import clock
from qizhi.core.figures import Ask
from qizhi.core.periods import Period, month_of, quarter_of
from qizhi.core.permissions import system
from qizhi.gatherings.enums import RollState
from qizhi.gatherings.models import Gathering, RollEntry
from qizhi.gatherings.queries.diary import diary_of
from qizhi.gatherings.queries.people_due import PeopleAsked, Whom, people_below
from qizhi.gatherings.queries.taking_part import Wanted
from qizhi.gatherings.services import RollFact
from qizhi.org.models import Leave, Membership, Person, Placement, Unit
from qizhi.regulations.enums import Verdict
from qizhi.regulations.kinds import ParameterError, kind_by_key
from qizhi.regulations.models import Clause
from qizhi.regulations.services import add_clause, add_regulation, add_version, publish_version

D = dt.date
TODAY = D(2018, 7, 2)
BEGIN = D(2017, 1, 1)
FIRST = quarter_of(D(2018, 1, 1))


@pytest.fixture(autouse=True)
def today(_clock):
    with clock.at(TODAY):
        yield


@pytest.fixture
def rule(cast):
    """Publishes a clause of a kind; in force since 2017."""

    def make(kind, subject="person", start=BEGIN, **parameters):
        by = system(cast.bureau.pk)
        head = {"code": "r", "title": "办法", "doc_no": "", "issuer": "局", "level": "bureau"}
        version = add_version(
            regulation=add_regulation(values=head, by=by),
            values={"label": "试行", "effective_from": start},
            by=by,
        )
        values = {"key": "R-1", "text": "规定", "kind": kind, "subject": subject, "parameters": parameters}
        clause = add_clause(version=version, values=values, by=by)
        publish_version(version=version, by=by)
        return Clause.objects.select_related("version__regulation").get(pk=clause.pk)

    return make


def scan(clause, period=FIRST, as_of=TODAY, units=None):
    kind = kind_by_key(clause.kind)
    parameters = kind.read(clause.parameters)
    found = {}
    for fact in kind.scan(clause, Ask(clause.bureau_id, period, as_of, units)):
        judgement = kind.judge(parameters, fact)
        assert judgement.verdict != Verdict.MET
        assert kind.sentence(clause, fact, judgement).endswith("依据《办法》。")
        assert kind.place(fact, Ask(clause.bureau_id, period, as_of)).period == fact.period
        found[fact.person or fact.unit] = (judgement.verdict.value, judgement.actual)
    return found


def away(cast, name, state=RollState.ABSENT, made_up_on=None):
    return RollFact(person=cast.person(name), state=state, made_up_on=made_up_on)


QUARTER = {"item": "integrity", "every": "quarter", "at_least": 1}


def test_who_missed_the_item_and_did_not_make_up_for_it(cast, held, rule):
    clause = rule("missing_item", **QUARTER)
    held(
        "integrity", day="2018-02-09", roll=(away(cast, "member"), away(cast, "secretary", RollState.EXCUSED))
    )
    assert scan(clause) == {"党员丁": ("violated", "应到1次，参加0次（2018年2月9日缺席）")}
    assert scan(clause, units=(cast.second.pk,)) == {}
    assert scan(clause, as_of=D(2018, 3, 31)) == {}, "the quarter is not over"
    assert scan(clause, month_of(D(2018, 2, 1))) == {}, "it ends in March"
    assert set(scan(clause, month_of(D(2018, 3, 1)))) == {"党员丁"}
    RollEntry.objects.filter(person=cast.person("member")).update(state="made_up", made_up_on=D(2018, 4, 2))
    assert scan(clause) == {}
    assert set(scan(clause, as_of=D(2018, 4, 1))) == {"党员丁"}, "made up for later than reckoned"


def test_any_gathering_of_the_item_satisfies_it_wherever_one_is_due(cast, held, rule):
    clause = rule("missing_item", **QUARTER)
    held("integrity", day="2018-02-09", roll=(away(cast, "member"),))
    held("integrity", day="2018-03-09", unit=cast.department)
    assert scan(clause) == {}, "the department's was due to all its staff"
    Gathering.objects.filter(unit=cast.department).update(withdrawn_at=clock.now())
    assert set(scan(clause)) == {"党员丁"}


def test_newcomers_leavers_and_those_away_all_the_time_owe_nothing(cast, held, rule):
    clause = rule("missing_item", **QUARTER)
    held("integrity", day="2018-02-09", roll=(away(cast, "member"),))
    member, make = cast.person("member"), {"bureau": cast.bureau, "person": cast.person("member")}
    rows = Membership.objects.filter(person=member)
    for days in ({"from_on": D(2018, 1, 2)}, {"to_on": D(2018, 3, 30)}):
        before = rows.values("from_on", "to_on").get()
        rows.update(**days)
        assert scan(clause) == {}
        rows.update(**before)
    leave = Leave.objects.create(**make, kind="secondment", from_on=D(2018, 1, 1), to_on=D(2018, 3, 30))
    assert set(scan(clause)) == {"党员丁"}
    Leave.objects.filter(pk=leave.pk).update(to_on=D(2018, 3, 31))
    assert scan(clause) == {}
    # A change of standing inside the period is no coming or leaving.
    leave.delete()
    rows.update(to_on=D(2018, 2, 1))
    Membership.objects.create(**make, unit=cast.first, status="full", from_on=D(2018, 2, 2))
    assert set(scan(clause)) == {"党员丁"}


def test_what_nobody_held_is_asked_of_people_only_where_the_clause_says_so(cast, held, rule):
    held("congress", day="2017-03-01")
    clause = rule("missing_item", **QUARTER, even_if_none=True, whom="full_members")
    found = scan(clause)
    assert set(found) == {"书记甲", "委员乙", "委员丙", "党员丁", "书记己", "党员庚", "党员辛"}
    assert found["党员丁"] == ("violated", "参加0次，没有应到的活动")
    held("integrity", day="2018-02-09")
    assert set(scan(clause)) == {"书记己", "党员庚", "党员辛"}
    assert scan(clause, quarter_of(D(2017, 1, 1))) == {}, "records begin inside that quarter"


def test_where_only_numbers_or_a_month_are_written_down_it_is_unknown(cast, held, rule):
    clause = rule("missing_item", **QUARTER)
    one = held("integrity", day="2018-02-09")
    Gathering.objects.filter(pk=one.pk).update(present_total=3, due_total=5)
    assert {verdict for verdict, _ in scan(clause).values()} == {"unknown"}
    assert len(scan(clause)) == 5
    Gathering.objects.filter(pk=one.pk).update(present_total=5)
    assert scan(clause) == {}, "all five were there"
    Gathering.objects.filter(pk=one.pk).update(
        present_total=None, due_total=None, held_on=D(2018, 2, 1), precision="month"
    )
    one.ledger_entries.update(held_on=D(2018, 2, 1))
    assert scan(clause) == {}, "who belonged all the time was due on whatever day it was"


def test_departments_hold_the_item_themselves(cast, held, rule):
    clause = rule("missing_item", "department", item="integrity", every="month", at_least=1)
    january, february = month_of(D(2018, 1, 1)), month_of(D(2018, 2, 1))
    assert scan(clause, february) == {"示例处": ("unknown", "还没有登记过活动")}
    held("congress", day="2018-01-12")
    assert scan(clause, january) == {"示例处": ("unknown", "记录从2018年1月12日开始")}
    assert scan(clause, february) == {"示例处": ("violated", "开展0次")}
    held("integrity", day="2018-02-09", unit=cast.department)
    assert scan(clause, february) == {}
    Placement.objects.update(to_on=D(2018, 2, 28))
    assert scan(clause, month_of(D(2018, 3, 1))) == {}, "nobody works there"
    Unit.objects.filter(pk=cast.department.pk).update(from_on=D(2018, 3, 2))
    assert scan(clause, month_of(D(2018, 3, 1))) == {}


def test_branches_are_asked_by_another_kind(rule):
    with pytest.raises(ParameterError, match="周期次数"):
        scan(rule("missing_item", "branch", **QUARTER))


def test_the_share_of_a_person_is_compared_as_a_fraction(cast, held, rule):
    clause = rule("ratio", every="quarter", share="2/3")
    for day in ("2018-01-12", "2018-02-09", "2018-03-09"):
        held("lesson", day=day, roll=(away(cast, "member"),) if day > "2018-02" else ())
    assert scan(clause) == {"党员丁": ("violated", "应到3次，参加1次（2018年2月9日缺席、2018年3月9日缺席）")}
    RollEntry.objects.filter(gathering__held_on=D(2018, 2, 9)).delete()
    assert scan(clause) == {}, "two of three are two thirds"
    RollEntry.objects.update(state="excused")
    held("lesson", day="2018-03-12", roll=(away(cast, "member"),))
    assert scan(clause) == {}, "two of three that count"


def test_leave_is_held_against_people_where_the_clause_says_so(cast, held, rule):
    clause = rule("ratio", every="quarter", share="1", has_excused=True)
    held("lesson", day="2018-01-12", roll=(away(cast, "member", RollState.EXCUSED),))
    assert set(scan(clause)) == {"党员丁"}


def test_the_share_of_a_unit_over_all_its_rolls(cast, held, rule):
    clause = rule("ratio", "branch", every="quarter", share="4/5")
    held("lesson", day="2018-01-12", roll=(away(cast, "member"),))
    assert scan(clause) == {}, "four of five"
    two = held("lesson", day="2018-02-09", roll=(away(cast, "member"), away(cast, "secretary")))
    assert scan(clause) == {"第一党支部": ("violated", "2次活动应到10人次，到会7人次")}
    Gathering.objects.filter(pk=two.pk).update(due_total=10, present_total=9)
    assert scan(clause) == {}, "numbers from paper rule"
    Gathering.objects.filter(pk=two.pk).update(due_total=None, present_total=None, precision="month")
    assert scan(clause) == {"第一党支部": ("unknown", "2次活动应到5人次，到会4人次；1次活动应到不明")}
    RollEntry.objects.filter(gathering=two).delete()
    assert {verdict for verdict, _ in scan(clause).values()} == {"unknown"}
    assert scan(clause, units=(cast.second.pk,)) == {}


@pytest.mark.parametrize("rows", [1, 3])
def test_the_number_of_statements_does_not_grow(cast, held, rule, django_assert_num_queries, rows):
    clauses = [(rule("missing_item", **QUARTER), 2)]
    names = ("member", "secretary")
    for number in range(rows):
        roll = tuple(away(cast, name) for name in names) if number == 0 else (away(cast, "member"),)
        held("integrity", day=f"2018-02-{9 + number:02}", roll=roll)
    for clause, number in clauses:
        with django_assert_num_queries(number):
            assert scan(clause)


EVENTS = st.lists(
    st.tuples(
        st.sampled_from(["first", "second", "department", "committee", "root", "party_group", "group"]),
        st.sampled_from(["lesson", "integrity", "congress"]),
        st.integers(0, 89),
        st.dictionaries(st.integers(0, 11), st.sampled_from(list(RollState)), max_size=4),
    ),
    max_size=5,
)


@pytest.mark.django_db
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events=EVENTS, need=st.integers(1, 3), whom=st.sampled_from(list(Whom)))
def test_the_database_counts_as_the_roster_does(cast, kinds, events, need, whom):
    with transaction.atomic():
        people = list(Person.objects.filter(bureau=cast.bureau).order_by("staff_no"))
        made = [make_gathering(cast, kinds, people, event) for event in events]
        rolls = diary_of(cast.bureau.pk, FIRST).attendance(made)
        wanted = Wanted(cast.bureau.pk, "", FIRST, TODAY)
        asked = PeopleAsked(whom, str(need), is_due_only=False)
        found = {line.person_id: line for line in people_below(wanted, asked, None)}
        for person in scope(cast, whom):
            present = sum(
                1
                for roll in rolls.values()
                if person in roll.present or person in roll.made_up & (roll.due or set())
            )
            due = sum(1 for roll in rolls.values() if person in (roll.due or ()))
            assert (person in found) is (present < need)
            if person in found:
                assert (found[person].present, found[person].due) == (present, due)
        transaction.set_rollback(True)


def scope(cast, whom):
    if whom is Whom.STAFF:
        return set(Placement.objects.filter(bureau=cast.bureau).values_list("person_id", flat=True))
    rows = Membership.objects.filter(bureau=cast.bureau)
    if whom is Whom.FULL_MEMBERS:
        rows = rows.exclude(status="probationary")
    return set(rows.values_list("person_id", flat=True))


def make_gathering(cast, kinds, people, event):
    """As the service would write it, without its rules on which unit may hold what."""
    unit, kind, day, roll = event
    on = FIRST.start + dt.timedelta(days=day)
    one = Gathering.objects.create(
        bureau=cast.bureau, unit=getattr(cast, unit), title="x", held_on=on, recorded_at=clock.now()
    )
    one.kind_links.create(bureau=cast.bureau, kind=kinds[kind])
    for number, state in roll.items():
        made_up_on = on if state == RollState.MADE_UP else None
        RollEntry.objects.create(
            bureau=cast.bureau, gathering=one, person=people[number], state=state, made_up_on=made_up_on
        )
    return one


def test_a_span_of_days_is_asked_by_its_last_one(cast, held, rule):
    clause = rule("missing_item", start=D(2018, 3, 31), **QUARTER)
    held("integrity", day="2018-02-09", roll=(away(cast, "member"),))
    assert set(scan(clause, Period(D(2018, 1, 1), D(2018, 6, 30)))) == {"党员丁"}, "in force on the last day"
