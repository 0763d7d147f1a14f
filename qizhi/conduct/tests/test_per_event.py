"""The kind `per_event` on rows: what inspections have written down is found, counted up to its cap, and followed."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from qizhi.conduct.models import Inspection, Observation
from qizhi.conduct.services.drafts import draft_case, facts_of_finding, facts_of_observation
from qizhi.conduct.services.observations import Seen, save_observation, withdraw_observation
from qizhi.core import clock
from qizhi.core.errors import Refused
from qizhi.core.figures import Ask
from qizhi.core.periods import Period, month_of, quarter_of, year
from qizhi.org.models import Account, Membership, Placement
from qizhi.org.queries import actor_of
from qizhi.regulations.enums import FindingStatus, Verdict
from qizhi.regulations.kinds import kind_by_key
from qizhi.regulations.models import Clause, Finding
from qizhi.regulations.services import clone_version, publish_version, run_clauses
from qizhi.regulations.services.clauses import edit_clause
from qizhi.regulations.services.proposals import take_proposals

D = dt.date
JANUARY, TODAY = month_of(D(2018, 1, 1)), D(2018, 1, 15)
LATER = D(2018, 7, 2)


KIND = kind_by_key("per_event")


class Book:
    """The inspections of a bureau, in which things are written down as the page does it."""

    def __init__(self, cast, clause):
        self.cast, self.clause, self.by = cast, clause, cast.actor("inspector")
        self.inspection = Inspection.objects.create(
            bureau=cast.bureau, month=D(2018, 1, 1), title="一月检查", led_by=cast.person("inspector")
        )

    def seen(self, day, who="member", **values):
        person = self.cast.person(who) if who else None
        known = {"clause": self.clause, "fact": "未着制服", "evidence": "大厅"}
        with clock.at(max(day, TODAY)):
            return save_observation(
                self.inspection, Seen(day, **{"person": person, **known, **values}), by=self.by
            )

    def corrected(self, row, **values):
        row.refresh_from_db()
        names = ("happened_on", "fact", "evidence", "person", "unit", "clause")
        kept = {name: getattr(row, name) for name in names}
        return save_observation(
            self.inspection, Seen(**{**kept, **values}), by=self.by, observation=row, because="看错"
        )

    def run(self, span=JANUARY, as_of=TODAY):
        with clock.at(as_of):
            return run_clauses(bureau_id=self.cast.bureau.pk, span=span, as_of=as_of, by=self.by)

    def live(self):
        rows = Finding.objects.live().filter(bureau=self.cast.bureau, clause__kind="per_event")
        return {(row.start, row.person_id or row.unit_id): row for row in rows}


@pytest.fixture
def book(cast, rules):
    return Book(cast, rules["MV-9"])


def days(clause, ask):
    """Day and number of what is found."""
    return [(fact.day, fact.number) for fact in KIND.scan(clause, ask)]


def ask(cast, span=JANUARY, as_of=TODAY, units=None):
    return Ask(cast.bureau.pk, span, as_of, units)


def capped(rules, **parameters):
    """The clause in a version that follows in 2018, with a cap."""
    old = rules["MV-9"]
    made = parameters.pop("start", D(2018, 1, 1))
    by, second = (actor_of(Account.objects.get(username=name)) for name in ("officer", "leader"))
    draft = clone_version(version=old.version, label="修订", effective_from=made, by=by)
    clause = draft.clauses.get(key="MV-9")
    edit_clause(clause=clause, values={"parameters": parameters}, by=by)
    take_proposals(version=draft, by=by)
    publish_version(version=draft, by=second)
    return Clause.objects.select_related("version__regulation").get(pk=clause.pk)


def test_each_observation_is_found_once_with_what_was_seen(cast, rules, book):
    row = book.seen(D(2018, 1, 8))
    book.seen(D(2018, 1, 8), fact="未戴胸牌")
    book.seen(D(2018, 1, 8), clause=None)
    first, second = KIND.scan(rules["MV-9"], ask(cast))
    assert (first.key, first.fact, first.number) == (str(row.pk), "未着制服", 1)
    assert (second.fact, second.number) == ("未戴胸牌", 2)
    judged = KIND.judge(KIND.read({}), first)
    assert (judged.verdict, judged.actual) == (Verdict.VIOLATED, "2018年1月8日：未着制服")
    assert judged.evidence == {"day": "2018-01-08", "fact": "未着制服"}
    place = KIND.place(first, ask(cast))
    assert (place.person_id, place.unit_id) == (cast.person("member").pk, None)
    assert place.address == row.get_absolute_url()


@pytest.mark.parametrize(
    ("day", "is_found"),
    [
        (D(2017, 12, 31), False),
        (D(2018, 1, 1), True),
        (D(2018, 1, 14), True),
        (D(2018, 1, 15), True),
        (D(2018, 1, 16), False),
        (D(2018, 1, 31), False),
        (D(2018, 2, 1), False),
    ],
)
def test_found_are_the_days_asked_for_up_to_the_day_of_reckoning(book, cast, day, is_found):
    book.seen(day)
    assert bool(days(book.clause, ask(cast))) is is_found


@pytest.mark.parametrize(("day", "is_found"), [(D(2015, 12, 31), False), (D(2016, 1, 1), True)])
def test_what_was_seen_before_the_rule_is_nothing(book, cast, day, is_found):
    book.seen(day)
    assert bool(days(book.clause, ask(cast, month_of(day)))) is is_found


def test_other_bureaus_and_other_clauses_are_not_asked(cast, rules, book):
    book.seen(D(2018, 1, 8), "", unit=cast.first, clause=rules["MV-3"])
    stranger = Ask(cast.outsider.bureau_id, JANUARY, TODAY)
    book.seen(D(2018, 1, 8))
    assert days(rules["MV-9"], stranger) == []
    assert days(rules["MV-9"], ask(cast)) == [(D(2018, 1, 8), 1)]


def test_the_cap_is_that_of_each_person_and_each_quarter(cast, rules, book):
    clause = capped(rules, at_most=2, every="quarter")
    for day in (D(2018, 1, 9), D(2018, 2, 6), D(2018, 3, 6), D(2018, 3, 30), D(2018, 4, 2)):
        book.seen(day, clause=clause)
    book.seen(D(2018, 3, 7), "neighbour", clause=clause)
    half = ask(cast, Period(D(2018, 1, 1), D(2018, 6, 30)), LATER)
    kept = [
        (D(2018, 1, 9), 1),
        (D(2018, 2, 6), 2),
        (D(2018, 3, 7), 1),
        (D(2018, 4, 2), 1),
    ]
    assert days(clause, half) == kept
    # Month by month it counts from the first day of the quarter, not of the month.
    by_month = [days(clause, ask(cast, month_of(D(2018, month, 1)), LATER)) for month in range(1, 5)]
    assert [one for found in by_month for one in found] == kept
    third = book.inspection.observations.get(happened_on=D(2018, 3, 6))
    fact = next(iter(KIND.scan(rules["MV-9"], ask(cast, year(2016), LATER))), None)
    assert fact is None
    fact = type(next(iter(KIND.scan(clause, half))))(str(third.pk), third.happened_on, "甲", "未着制服", 3)
    over = KIND.judge(KIND.read(clause.parameters), fact)
    assert (over.verdict, over.actual) == (Verdict.MET, "本期第3次，已达2次的上限，不再计")


def test_a_new_version_in_the_middle_of_a_period_begins_no_new_count(cast, rules, book):
    old, new = rules["MV-9"], capped(rules, at_most=2, every="quarter", start=D(2018, 2, 1))
    old = Clause.objects.select_related("version__regulation").get(pk=old.pk)
    for day in (D(2018, 1, 9), D(2018, 1, 10), D(2018, 1, 31)):
        book.seen(day, clause=old)
    book.seen(D(2018, 2, 1), clause=new)
    first = ask(cast, quarter_of(D(2018, 1, 1)), LATER)
    assert days(old, first) == [(D(2018, 1, 9), 1), (D(2018, 1, 10), 2), (D(2018, 1, 31), 3)]
    assert days(new, first) == [], "the quarter is full already"


def test_the_day_chooses_the_version_whichever_the_observation_names(cast, rules, book):
    new = capped(rules, at_most=1, every="month", start=D(2018, 2, 1))
    row = book.seen(D(2018, 1, 31), clause=rules["MV-9"])
    span = Period(D(2018, 1, 1), D(2018, 2, 28))
    book.run(span, LATER)
    (found,) = book.live().values()
    assert found.clause == rules["MV-9"]
    with clock.at(LATER):
        book.corrected(row, happened_on=D(2018, 2, 1))
    run = book.run(span, LATER)
    assert run.counts == {"replaced": 1, "proposed": 0, "problems": []}, "it is the same fact on another day"
    (found,) = book.live().values()
    assert (found.clause, found.start) == (new, D(2018, 2, 1))
    with clock.at(LATER):
        with pytest.raises(Refused, match="没有施行"):
            draft_case(facts_of_observation(Observation.objects.get(pk=row.pk)), by=book.by)
        case = draft_case(facts_of_finding(found), by=book.by)
    assert (case.clause, case.observation) == (new, row)


@pytest.mark.parametrize("tie", ["branch", "department", "unit"])
def test_asked_of_units_it_finds_them_and_who_belonged_to_them_on_the_day(
    cast, rules, of_branches, book, tie
):
    person = cast.person("member")
    units = {"branch": cast.first, "department": cast.department, "unit": cast.second}
    if tie == "unit":
        book.seen(D(2018, 1, 8), "", unit=cast.second, clause=of_branches)
    else:
        book.seen(D(2018, 1, 8))
    within = ask(cast, units=(units[tie].pk,))
    clause = of_branches if tie == "unit" else rules["MV-9"]
    assert len(days(clause, within)) == 1
    assert days(clause, ask(cast, units=(cast.committee.pk,))) == []
    if tie == "unit":
        return
    rows = Membership.objects if tie == "branch" else Placement.objects
    rows.filter(person=person).update(to_on=D(2018, 1, 8))
    assert len(days(rules["MV-9"], within)) == 1, "the last day counts"
    rows.filter(person=person).update(to_on=D(2018, 1, 7))
    assert days(rules["MV-9"], within) == []


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("has_units", [False, True])
def test_one_query_however_many_rows(cast, book, rows, has_units, django_assert_num_queries):
    for number in range(rows):
        book.seen(D(2018, 1, 8 + number), ("member", "neighbour", "officer")[number])
    clause = Clause.objects.select_related("version__regulation").get(pk=book.clause.pk)
    units = (cast.first.pk, cast.second.pk, cast.department.pk) if has_units else None
    with django_assert_num_queries(1):
        assert len(list(KIND.scan(clause, ask(cast, units=units)))) == rows


def test_a_run_finds_follows_corrections_and_keeps_what_it_said(cast, book):
    row = book.seen(D(2018, 1, 8))
    assert book.run().counts == {"added": 1, "proposed": 0, "problems": []}
    assert book.run().counts == {"untouched": 1, "proposed": 0, "problems": []}
    (first,) = book.live().values()
    assert (first.points, first.occurrence) == (Decimal(-1), str(row.pk))
    assert first.sentence == "党员丁2018年1月8日：未着制服。依据《示例考核办法》第二条。"
    book.corrected(row, fact="未戴胸牌")
    assert book.run().counts == {"replaced": 1, "proposed": 0, "problems": []}
    (second,) = book.live().values()
    assert second.supersedes == first
    book.corrected(row, person=cast.person("neighbour"))
    assert book.run().counts == {"added": 1, "gone": 1, "proposed": 0, "problems": []}
    (third,) = book.live().values()
    assert third.person == cast.person("neighbour")
    withdraw_observation(row, because="误记", by=book.by)
    assert book.run().counts == {"gone": 1, "proposed": 0, "problems": []}
    assert book.live() == {}
    ended = list(Finding.objects.order_by("pk").values_list("status", "actual"))
    assert ended == [
        (FindingStatus.SUPERSEDED, "2018年1月8日：未着制服"),
        (FindingStatus.GONE, "2018年1月8日：未戴胸牌"),
        (FindingStatus.GONE, "2018年1月8日：未戴胸牌"),
    ]


def test_the_same_observation_makes_one_case_by_whichever_road(cast, book):
    row = book.seen(D(2018, 1, 8))
    book.run()
    (found,) = book.live().values()
    case = draft_case(facts_of_finding(found), by=book.by)
    assert (case.finding, case.observation, case.points) == (found, row, Decimal(-1))
    assert case.inspection == book.inspection
    assert case.evidence == ("大厅。\n检查记录：“一月检查”（负责人纪检子），2018年1月15日由纪检子登记。")
    page = cast.client("inspector").get(case.get_absolute_url()).content.decode()
    assert f'href="{row.get_absolute_url()}"' in page
    with pytest.raises(Refused, match="没有重复立案"):
        draft_case(facts_of_observation(row), by=book.by)
    with pytest.raises(Refused, match="已经据此立案"):
        withdraw_observation(row, because="误记", by=book.by)


@pytest.mark.parametrize(
    ("is_withdrawn", "said"), [(True, "核算以后撤销了"), (False, "还是更正前的。请先重新核算2018年1月")]
)
def test_no_case_of_a_finding_whose_observation_says_something_else_now(book, is_withdrawn, said):
    row = book.seen(D(2018, 1, 8))
    book.run()
    (found,) = book.live().values()
    if is_withdrawn:
        withdraw_observation(row, because="误记", by=book.by)
    else:
        book.corrected(row, fact="未戴胸牌")
    with pytest.raises(Refused, match=said):
        draft_case(facts_of_finding(found), by=book.by)
