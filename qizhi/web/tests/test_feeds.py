"""Calendars to subscribe to: who may, what stands in them, and that a revoked one opens nothing."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from qizhi.branch_life.models import ThemeDay
from qizhi.core import audit, clock
from qizhi.core.errors import Refused
from qizhi.core.tests.test_ical import events, plain
from qizhi.gatherings.models import Kind, Template
from qizhi.gatherings.services.facts import GatheringFacts
from qizhi.gatherings.services.records import record_gathering
from qizhi.tasks.services.duties import DutyValues, give_task
from qizhi.web.forms import new_token
from qizhi.web.models import Feed
from qizhi.web.services import open_feed, revoke_feed
from qizhi.web.tests.conftest import IN_FORCE


def read(cast, who, scope="person", unit=None, as_of=IN_FORCE):
    """Summary → event of the calendar that somebody opens for themselves."""
    token = new_token()
    with clock.at(as_of):
        open_feed(scope=scope, unit=unit, token=token, by=cast.actor(who))
        page = Client().get(f"/calendar/{token}.ics")
    assert page.status_code == 200
    assert page["Content-Type"] == "text/calendar; charset=utf-8"
    return {plain(event["SUMMARY"]): event for event in events(page.content)}


def test_a_branch_calendar_holds_what_was_held_and_what_is_due(cast, records):
    found = read(cast, "officer", "unit", cast.first)
    lesson = found["第一党支部党课（第一党支部）"]
    assert lesson["UID"] == f"gathering-{records['secretary'].pk}@qizhi"
    assert lesson["DTSTART;TZID=Asia/Shanghai"] == "20181204T090000"
    assert (lesson["LOCATION"], plain(lesson["DESCRIPTION"])) == ("三楼", "第一党支部\n主持：书记甲")
    assert lesson["URL"] == f"http://testserver{records['secretary'].get_absolute_url()}"
    assert found["已开展：过去的一项（第一党支部11月计划）"]["DTSTART;VALUE=DATE"] == "20181130"
    assert "未到期：本月的一项（第一党支部12月计划）" in found
    duty = found["未到期，还差1次：支部委员会会议（第一党支部2018年12月）"]
    assert (duty["DTSTART;VALUE=DATE"], duty["DTEND;VALUE=DATE"]) == ("20181231", "20190101")
    assert found["12月主题党日"]["DTSTART;VALUE=DATE"] == "20181228"
    assert not [words for words in found if "第二党支部" in words or "只知月份" in words]


def test_tasks_and_what_is_asked_of_people_stand_there_with_their_last_day(cast, records):
    values = DutyValues("报送述职材料", due_on=dt.date(2018, 12, 20))
    by = cast.actor("officer")
    with clock.at(dt.date(2018, 12, 3)):
        give_task(
            issuer=cast.root,
            values=values,
            units=[cast.first, cast.second],
            issued_on=dt.date(2018, 12, 3),
            by=by,
        )
    found = read(cast, "secretary", "unit", cast.first)
    assert found["未到期：报送述职材料（第一党支部）"]["DTSTART;VALUE=DATE"] == "20181220"
    (talks,) = [event for words, event in found.items() if "谈心谈话（第一党支部2018年）" in words]
    assert talks["DTSTART;VALUE=DATE"] == "20181231"
    assert "未到期：报送述职材料（2个组织）" in read(cast, "officer", "bureau")
    assert "未到期：报送述职材料（第一党支部）" in read(cast, "secretary")
    assert not [words for words in read(cast, "member") if "述职材料" in words]


def test_names_stop_at_the_chair(cast, records):
    text = " ".join(str(event) for event in read(cast, "officer", "unit", cast.first).values())
    assert "书记甲" in text
    for name in ("委员乙", "党员丁", "预备戊", "干事壬"):
        assert name not in text


def test_the_bureau_has_all_branches_and_a_person_what_concerns_them(cast, records):
    everything = read(cast, "officer", "bureau")
    assert {"第一党支部党课（第一党支部）", "第二党支部党课（第二党支部）"} <= set(everything)
    own = read(cast, "member")
    assert "第一党支部党课（第一党支部）" in own
    assert not [words for words in own if "第二党支部" in words or words.startswith("未到期，还差")]
    secretary = read(cast, "secretary")
    assert "未到期，还差1次：支部委员会会议（第一党支部2018年12月）" in secretary


def test_a_moved_gathering_keeps_its_uid(cast, records):
    before = read(cast, "secretary")["第一党支部党课（第一党支部）"]
    records["secretary"].__class__.objects.filter(pk=records["secretary"].pk).update(
        held_on=dt.date(2018, 12, 6), starts_at=None
    )
    after = read(cast, "secretary")["第一党支部党课（第一党支部）"]
    assert after["UID"] == before["UID"]
    assert after["DTSTART;VALUE=DATE"] == "20181206"


def test_unchanged_it_is_not_sent_again(cast, records):
    token = new_token()
    open_feed(scope="person", unit=None, token=token, by=cast.actor("secretary"))
    first = Client().get(f"/calendar/{token}.ics")
    again = Client().get(f"/calendar/{token}.ics", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    facts = GatheringFacts(
        unit=cast.first,
        held_on=dt.date(2018, 1, 12),
        kinds=tuple(Kind.objects.filter(bureau=cast.bureau, key="lesson")),
        title="新的党课",
    )
    record_gathering(facts=facts, by=cast.actor("secretary"))
    changed = Client().get(f"/calendar/{token}.ics", headers={"If-None-Match": first["ETag"]})
    assert changed.status_code == 200
    assert changed["ETag"] != first["ETag"]


def test_the_address_is_shown_once_and_stored_nowhere(cast):
    client = cast.client("secretary")
    form = client.get("/calendar/new/").content.decode()
    token = re.search(r'name="token" value="([^"]+)"', form).group(1)
    sent = {"id": str(uuid.uuid4()), "token": token, "scope": "unit", "unit": cast.first.pk}
    page = client.post("/calendar/new/", sent, follow=True).content.decode()
    assert f"http://testserver/calendar/{token}.ics" in page
    assert token not in client.get("/calendar/").content.decode()
    feed = Feed.objects.get()
    assert token not in str([*Feed.objects.values(), *audit.history(feed).values()])
    assert client.post("/calendar/new/", sent).status_code == 302
    assert Feed.objects.count() == 1
    assert Client().get(f"/calendar/{token}.ics").status_code == 200
    assert client.post(reverse("web:feed_revoke", args=[feed.pk])).status_code == 302
    assert Client().get(f"/calendar/{token}.ics").status_code == 404
    assert "已停用" in client.get("/calendar/").content.decode()


@pytest.mark.parametrize("why", ["revoked", "inactive", "post", "never"])
def test_what_is_over_opens_nothing(cast, why):
    token = new_token()
    feed = open_feed(scope="unit", unit=cast.first, token=token, by=cast.actor("secretary"))
    if why == "revoked":
        revoke_feed(feed, by=cast.actor("secretary"))
    elif why == "inactive":
        cast.secretary.is_active = False
        cast.secretary.save()
    elif why == "post":
        cast.person("secretary").posts.update(to_on=dt.date(2018, 1, 14))
    else:
        token = new_token()
    assert Client().get(f"/calendar/{token}.ics").status_code == 404


def test_others_calendars_are_refused(cast):
    for who, scope, unit in (
        ("neighbour", "unit", cast.first),
        ("member", "unit", cast.first),
        ("secretary", "bureau", None),
        ("outsider", "unit", cast.first),
    ):
        with pytest.raises(Refused, match="不在您可以查看的范围内"):
            open_feed(scope=scope, unit=unit, token=new_token(), by=cast.actor(who))
    feed = open_feed(scope="person", unit=None, token=new_token(), by=cast.actor("secretary"))
    for who in ("neighbour", "officer", "outsider"):
        assert cast.client(who).get(reverse("web:feed_revoke", args=[feed.pk])).status_code == 404


@pytest.mark.parametrize("many", [1, 3])
def test_queries_do_not_grow(cast, records, many, django_assert_num_queries):
    kinds = tuple(Kind.objects.filter(bureau=cast.bureau, key="lesson"))
    token = new_token()
    with clock.at(IN_FORCE):
        for day in range(many):
            facts = GatheringFacts(
                unit=cast.first, held_on=dt.date(2018, 12, 5 + day), kinds=kinds, title=f"{day}"
            )
            record_gathering(facts=facts, by=cast.actor("secretary"))
        open_feed(scope="bureau", unit=None, token=token, by=cast.actor("officer"))
        client = Client()
        client.get(f"/calendar/{token}.ics")
        with django_assert_num_queries(41):
            client.get(f"/calendar/{token}.ics")


def test_a_branch_without_a_committee_and_one_with_its_own_day(cast, records):
    template = Template.objects.get(bureau=cast.bureau, title__contains="主题党日")
    template.kinds.set(Kind.objects.filter(bureau=cast.bureau, key="theme-day"))
    assert "12月支部委员会会议" not in " ".join(read(cast, "officer", "unit", cast.second))
    ThemeDay.objects.create(
        bureau=cast.bureau, unit=cast.first, day_rule="fixed_day_of_month:25", from_on=dt.date(2018, 12, 1)
    )
    own = read(cast, "officer", "unit", cast.first)
    assert own["12月主题党日"]["DTSTART;VALUE=DATE"] == "20181225"
    everybody = read(cast, "officer", "bureau")
    assert everybody["12月主题党日（第一党支部）"]["DTSTART;VALUE=DATE"] == "20181225"
    assert everybody["12月主题党日（第二党支部）"]["DTSTART;VALUE=DATE"] == "20181228"


def test_meetings_of_a_committee_are_of_those_who_sit_in_it(cast, records):
    kinds = tuple(Kind.objects.filter(bureau=cast.bureau, key="committee"))
    facts = GatheringFacts(unit=cast.first, held_on=dt.date(2018, 12, 6), kinds=kinds, title="支委会一次")
    with clock.at(IN_FORCE):
        record_gathering(facts=facts, by=cast.actor("secretary"))
    assert [words for words in read(cast, "secretary") if "支委会一次" in words]
    for_member = " ".join(read(cast, "member"))
    assert "支委会一次" not in for_member
    assert "支部委员会会议" not in for_member


def test_a_command_opens_calendars_and_shows_each_address_once(cast, client):
    out = StringIO()
    call_command("open_feeds", "officer:bureau", f"secretary:{cast.first.code}", "member", stdout=out)
    lines = out.getvalue().splitlines()
    assert [line.partition("（")[0] for line in lines] == [
        "officer的日历“全局”",
        f"secretary的日历“{cast.first}”",
        "member的日历“本人”",
    ]
    for line in lines:
        assert client.get(line.partition("：")[2]).status_code == 200
    assert Feed.objects.count() == 3


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ("nobody", "没有可用的账号“nobody”"),
        ("secretary:zzz", "没有代码为“zzz”的组织"),
        ("member:bureau", "不在您可以查看的范围内"),
    ],
)
def test_the_command_opens_all_or_none(cast, wanted, said):
    with pytest.raises(CommandError, match=said):
        call_command("open_feeds", "officer", wanted, stdout=StringIO())
    assert not Feed.objects.exists()
