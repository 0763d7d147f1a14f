"""What waits for whom stands on the first screen, not only among the cases."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.test import Client

from qizhi.core import clock
from qizhi.org.models import Account

AFTER = dt.date(2018, 1, 23)


def _home(account):
    client = Client()
    client.force_login(account)
    return re.sub(r"<[^>]+>", "", client.get("/").content.decode())


@pytest.mark.parametrize("day", [dt.date(2018, 1, 22), AFTER])
def test_a_case_is_told_to_who_decides_once_the_statement_is_due(cast, story, day):
    case = story.notified()
    decider = Account.objects.get(pk=story.desk.account_id)
    with clock.at(day):
        assert ("件等您办理" in _home(decider) and str(case) in _home(decider)) is (day == AFTER)
        assert "件等您办理" not in _home(cast.inspector)  # who recorded it does not decide it
        assert str(case) not in _home(cast.neighbour)


def test_a_draft_is_told_to_who_wrote_it_and_a_notice_to_whom_it_concerns(cast, story):
    case = story.drafted()
    assert str(case) in _home(cast.inspector)
    assert str(case) not in _home(cast.member)
    told = story.notified()
    assert f"{told}等您陈述" in _home(cast.member)
    assert _home(cast.member).count(str(told)) == 1
