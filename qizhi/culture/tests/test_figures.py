"""F04 and F05: what came in and what was sent on, opening to as many rows."""

from __future__ import annotations

import datetime as dt

from qizhi.core import figures, periods
from qizhi.core.figures import NOTHING, Ask
from qizhi.culture.services import decide_works, forward_works, withdraw_work

TODAY = dt.date(2018, 1, 15)


def asked(cast, key, as_of=TODAY, unit_ids=None):
    figure = figures.get(key)
    assert figure is not None
    ask = Ask(cast.bureau.pk, periods.Period(dt.date(2015, 1, 1), as_of), as_of, unit_ids)
    (value,) = figures.answers([(figure, ask)])
    rows = list(figure.rows(ask))
    assert len(rows) == (value.counted or 0)
    return value, rows


def test_essays_are_counted_exactly(cast, opened, handed):
    assert asked(cast, "culture.essays")[0] == NOTHING
    call, other = opened(), opened("maxim", "格言征集")
    works = [handed(call, f"第{number}篇") for number in range(23)]
    handed(other, "格言")
    value, rows = asked(cast, "culture.essays")
    assert value.amount == 23
    assert rows[0].call == call
    withdraw_work(works[0], because="重写", by=cast.actor("officer"))
    assert asked(cast, "culture.essays")[0].amount == 22
    assert asked(cast, "culture.essays", as_of=dt.date(2018, 1, 9))[0] == NOTHING
    assert asked(cast, "culture.received:essay")[0].amount == 22
    assert asked(cast, "culture.received:maxim")[0].amount == 1
    assert asked(cast, "culture.essays", unit_ids=(cast.second.pk,))[0] == NOTHING
    assert asked(cast, "culture.received:poem")[0] == NOTHING
    assert figures.get("culture.received:po em") is None


def test_maxims_count_when_they_are_sent_on_and_no_more_when_they_are_called_back(cast, opened, handed):
    call, by = opened("maxim", "格言征集"), cast.actor("officer")
    works = [handed(call, f"格言{number}") for number in range(45)]
    decide_works(works[:40], state="selected", by=by)
    assert asked(cast, "culture.maxims_forwarded")[0] == NOTHING
    forward_works(works[:40], on=dt.date(2018, 1, 12), to="示例总局", by=by)
    assert asked(cast, "culture.maxims_forwarded")[0].amount == 40
    assert asked(cast, "culture.maxims_forwarded", as_of=dt.date(2018, 1, 11))[0] == NOTHING
    forward_works(works[:1], on=None, to="", by=by)
    assert asked(cast, "culture.maxims_forwarded")[0].amount == 39


def test_the_rows_of_a_blind_call_hide_who_wrote_until_it_is_decided(cast, opened, handed):
    work = handed(opened(is_blind=True))
    figure = figures.get("culture.essays")
    author = next(column for column in figure.columns if column.label == "作者")
    assert author.get(work) == "匿名评审中"
    decide_works([work], state="selected", by=cast.actor("officer"))
    assert author.get(work) == "党员丁"
    assert figure.link(work) == work.call.get_absolute_url()
