"""A branch's own fixed theme day (BR-09): registered, used by the fixed-day kind, shown on the screen."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from qizhi.branch_life.models import ThemeDay
from qizhi.branch_life.queries import outlook
from qizhi.branch_life.queries.findings import check_clauses
from qizhi.branch_life.services import change_theme_day, fix_theme_day, remove_theme_day
from qizhi.core import periods
from qizhi.core.errors import Refused
from qizhi.core.models import AuditEvent
from qizhi.regulations.kinds import ParameterError, Standing, kind_by_key

D = dt.date
TODAY = D(2018, 4, 20)
YEAR = periods.year(2018)
FIFTEENTH = "fixed_day_of_month:15"
FRIDAY = "last_weekday_of_month:friday"


@pytest.fixture
def friday(ask_for, hold, cast):
    """The last Friday, unless a branch has fixed its own day; there are records from the beginning on."""
    hold(cast.second, D(2018, 1, 8), "congress")
    hold(cast.second, D(2017, 12, 8), "congress")
    return ask_for("friday", kind="fixed_day", counts="theme_day", day_rule=FRIDAY, has_own=True)


JANUARY = D(2018, 1, 1)


def fix(cast, *, rule=FIFTEENTH, from_on=JANUARY, to_on=None, who="secretary"):
    return fix_theme_day(unit=cast.first, day_rule=rule, from_on=from_on, to_on=to_on, by=cast.actor(who))


def cells(cast, unit=None):
    unit = unit or cast.first
    told = outlook(cast.bureau.pk, [unit], YEAR, TODAY)
    return next(found for line, found in told.of(unit.pk) if line.label == "主题党日（定日）")


def said(cast, unit):
    found = check_clauses(cast.bureau.pk, YEAR, TODAY, (unit.pk,))
    return [one.sentence for line in found for one in line.found]


def test_the_own_day_goes_before_the_rule_of_the_clause_from_its_month_on(cast, friday, hold):
    fix(cast, from_on=D(2018, 2, 1))
    hold(cast.first, D(2018, 1, 26), "theme-day")
    hold(cast.first, D(2018, 2, 15), "theme-day")
    hold(cast.first, D(2018, 3, 30), "theme-day")  # the last Friday, no longer its day
    january, february, march, april, *_ = cells(cast)
    assert [one.state for one in (january, february, march)] == [
        *(Standing.DONE, Standing.DONE, Standing.MISSING)
    ]
    assert march.reason == "应在3月15日（自定），当期在别的日子开展"
    assert april.state is Standing.MISSING
    first = said(cast, cast.first)
    assert [one[:38] for one in first] == [one[:38] for one in first if "本支部固定的每月15日" in one]
    assert len(first) == 2
    assert all("每月最后一个星期五" in one for one in said(cast, cast.second))


def test_with_its_end_the_rule_of_the_clause_is_back(cast, friday, hold):
    row = fix(cast)
    change_theme_day(
        row, day_rule=FIFTEENTH, from_on=D(2018, 1, 10), to_on=D(2018, 1, 3), by=cast.actor("secretary")
    )
    assert (row.from_on, row.to_on) == (D(2018, 1, 1), D(2018, 1, 31))
    hold(cast.first, D(2018, 1, 15), "theme-day")
    hold(cast.first, D(2018, 2, 23), "theme-day")
    january, february, *_ = cells(cast)
    assert (january.state, february.state) == (Standing.DONE, Standing.DONE)
    remove_theme_day(row, by=cast.actor("secretary"))
    assert cells(cast)[0].state is Standing.MISSING
    verbs = AuditEvent.objects.filter(verb__endswith="_theme_day").values_list("verb", flat=True)
    assert set(verbs) == {
        *("branch_life.fix_theme_day", "branch_life.change_theme_day", "branch_life.remove_theme_day")
    }


def test_a_clause_that_does_not_let_branches_fix_their_day_ignores_it(cast, ask_for, hold):
    hold(cast.first, D(2018, 1, 26), "theme-day")
    ask_for("friday", kind="fixed_day", counts="theme_day", day_rule=FRIDAY)
    fix(cast)
    assert cells(cast)[0].state is Standing.DONE


def test_a_yearly_rule_has_no_own_day():
    with pytest.raises(ParameterError, match="每月的"):
        kind_by_key("fixed_day").read(
            {"counts": "lesson", "day_rule": "first_working_day_of_year", "has_own": True}
        )


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"rule": "first_working_day_of_year"}, "每月的一天"),
        ({"rule": "someday"}, "不是可用的日期规则"),
        ({"to_on": D(2017, 12, 1)}, "截止月份早于"),
        ({"from_on": D(2014, 1, 1), "to_on": D(2014, 2, 1)}, "不存在"),
        ({"who": "neighbour"}, "不能登记"),
        ({"who": "member"}, "不能登记"),
        ({"who": "outsider"}, "不能登记"),
    ],
)
def test_what_cannot_be_is_refused_in_words(cast, april, more, message):
    with pytest.raises(Refused, match=message):
        fix(cast, **more)


def test_two_days_in_one_month_are_refused_by_service_and_database(cast, april):
    fix(cast)
    with pytest.raises(Refused, match="月份重叠"):
        fix(cast, rule=FRIDAY, from_on=D(2018, 3, 1))
    row = {"bureau": cast.bureau, "day_rule": FRIDAY, "from_on": D(2018, 3, 1)}
    for unit in (cast.first, cast.department, cast.outsider.person.bureau and cast.committee):
        with pytest.raises(DatabaseError), transaction.atomic():
            ThemeDay.objects.create(unit=unit, **row)
    with pytest.raises(DatabaseError), transaction.atomic():
        ThemeDay.objects.create(unit=cast.second, **row | {"bureau": cast.outsider.bureau})


def test_registered_found_corrected_exported_and_removed_in_the_browser(cast, april):
    client, new = cast.client("secretary"), reverse("branch_life:theme_day_new")
    key = client.get(new).context["form"]["id"].value()
    sent = {"id": key, "unit": cast.first.pk, "day_rule": FIFTEENTH, "from_on": "2018年1月", "to_on": ""}
    for _ in range(2):
        assert client.post(new, sent).status_code == 302
    row = ThemeDay.objects.get()
    page = client.get(reverse("branch_life:unit", args=[cast.first.pk])).content.decode()
    assert "每月15日，自2018年1月1日" in page
    listed = reverse("branch_life:theme_days")
    assert "每月15日" in client.get(listed).content.decode()
    assert "每月15日" in client.get(listed, {"format": "csv"}).content.decode("utf-8-sig")
    edit = reverse("branch_life:theme_day_edit", args=[row.pk])
    assert client.get(edit).context["form"]["from_on"].value() == "2018-01"
    wrong = client.post(edit, {"day_rule": FRIDAY, "from_on": "2018-03", "to_on": "2018-02"})
    assert wrong.status_code == 422
    assert "截止月份早于起始月份" in wrong.content.decode()
    assert client.post(edit, {"day_rule": FRIDAY, "from_on": "2018-01", "to_on": ""}).status_code == 302
    row.refresh_from_db()
    assert row.label == "每月最后一个星期五"
    for name in ("neighbour", "outsider"):
        assert cast.client(name).get(edit).status_code in {403, 404}
    remove = reverse("branch_life:theme_day_remove", args=[row.pk])
    client.get(remove)
    assert ThemeDay.objects.exists()
    client.post(remove)
    assert not ThemeDay.objects.exists()
