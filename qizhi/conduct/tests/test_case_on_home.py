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


def test_who_was_told_of_a_decision_reads_until_when_an_appeal_is_in_time(cast, story):
    case = story.decided()
    member = cast.client("member")
    with clock.at(dt.date(2018, 2, 6)):
        for page in ("/", "/mine/"):
            told = member.get(page).content.decode()
            assert "已经决定：不服的可以申诉，申诉期到<strong>2018年2月6日" in told
            assert case.get_absolute_url() in told
        assert "您可以申诉，到 <strong>2018年2月6日" in member.get(case.get_absolute_url()).content.decode()
    with clock.at(dt.date(2018, 2, 7)):
        assert "已经决定" not in member.get("/").content.decode()


def test_the_log_of_a_case_says_each_step_by_its_name(cast, story):
    case = story.decided()
    page = cast.client("inspector").get(case.get_absolute_url()).content.decode()
    log = page.split("变更记录", 1)[1]
    assert all(f'<td class="head">{word}</td>' in log for word in ("拟稿", "告知", "作出决定"))
    assert '<td class="head">更正</td>' not in log
