from __future__ import annotations

import datetime as dt

import pytest

from qizhi.branch_life.models import WorkingMethod
from qizhi.branch_life.services import add_method, change_method, end_method
from qizhi.core import audit
from qizhi.core.errors import Refused
from qizhi.core.ids import new_id

D = dt.date


def add(cast, **values):
    return add_method(
        **{
            "unit": cast.first,
            "name": "五有工作法",
            "elements": "有朝气",
            "from_on": D(2017, 1, 1),
            "by": cast.actor("secretary"),
            **values,
        }
    )


def test_a_method_is_registered_once(cast):
    key = new_id()
    assert add(cast, id=key) == add(cast, id=key)
    assert WorkingMethod.objects.count() == 1
    with pytest.raises(Refused, match="已有名为“五有工作法”的工作法") as refused:
        add(cast)
    assert refused.value.field == "name"
    add(cast, unit=cast.second, by=cast.actor("officer"))


def test_only_branches_that_exist_have_methods(cast):
    with pytest.raises(Refused, match="不是党支部"):
        add(cast, unit=cast.group)
    with pytest.raises(Refused, match="在2014年1月1日不存在"):
        add(cast, from_on=D(2014, 1, 1))


def test_a_method_is_corrected_ended_and_taken_up_again(cast):
    method, by = add(cast), cast.actor("secretary")
    change_method(method, name="五有法", elements="有朝气\n有热情", from_on=D(2017, 2, 1), by=by)
    with pytest.raises(Refused, match="早于起始日期"):
        end_method(method, last_day=D(2017, 1, 31), by=by)
    method.refresh_from_db()
    end_method(method, last_day=D(2018, 1, 1), by=by)
    end_method(method, last_day=None, by=by)
    method.refresh_from_db()
    assert (method.name, method.from_on, method.to_on) == ("五有法", D(2017, 2, 1), None)
    events = list(audit.history(method))
    assert [event.verb.split(".")[1] for event in events] == [
        "end_method",
        "end_method",
        "change_method",
        "add_method",
    ]
    assert events[2].before["name"] == "五有工作法"
