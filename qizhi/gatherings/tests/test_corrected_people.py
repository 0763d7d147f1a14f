"""A corrected or removed row of a person: every gathering counts anew, as if it had always been right."""

from __future__ import annotations

import datetime as dt

from qizhi.gatherings.models import LedgerEntry
from qizhi.gatherings.queries.diary import diary_of
from qizhi.gatherings.queries.roster import span_of
from qizhi.gatherings.services import RollFact
from qizhi.org.models import Leave, Membership
from qizhi.org.services.rows import correct_row, remove_row


def counts(cast, *rows):
    found = diary_of(cast.bureau.pk, span_of(one.held_on for one in rows)).attendance(rows)
    return [(len(found[row.pk].due or ()), len(found[row.pk].present)) for row in rows]


def test_rolls_of_both_branches_follow_a_corrected_membership(cast, held):
    member = cast.person("member")
    here = held("theme-day", roll=(RollFact(member, "excused", "出差"),))
    there = held("theme-day", unit=cast.second)
    entries = list(LedgerEntry.objects.order_by("pk").values_list("ledger", "unit_id", "held_on"))
    assert counts(cast, here, there) == [(5, 4), (3, 3)]
    row = Membership.objects.get(person=member)
    correct_row(row, values={"unit": cast.second, "group": None}, by=cast.actor("officer"))
    assert counts(cast, here, there) == [(4, 4), (4, 4)]
    correct_row(row, values={"from_on": dt.date(2018, 1, 13)}, by=cast.actor("officer"))
    assert counts(cast, here, there) == [(4, 4), (3, 3)]
    remove_row(row, because="登记错了", by=cast.actor("officer"))
    assert counts(cast, here, there) == [(4, 4), (3, 3)]
    # What was held does not depend on who was there.
    assert list(LedgerEntry.objects.order_by("pk").values_list("ledger", "unit_id", "held_on")) == entries


def test_the_form_excuses_as_corrected_leave_says(cast, kinds):
    member, client = cast.person("member"), cast.client("secretary")
    leave = Leave.objects.create(
        bureau=cast.bureau,
        person=member,
        kind="annual",
        from_on=dt.date(2018, 1, 8),
        to_on=dt.date(2018, 1, 10),
    )
    where = "/gatherings/record/?kind=theme-day&held_on=2018-01-12"
    assert "年休假" not in client.get(where).content.decode()
    correct_row(leave, values={"to_on": dt.date(2018, 1, 12)}, by=cast.actor("personnel"))
    assert "年休假" in client.get(where).content.decode()
    remove_row(leave, because="没有休", by=cast.actor("personnel"))
    assert "年休假" not in client.get(where).content.decode()
