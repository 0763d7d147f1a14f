"""G14: every role asks for every address; nobody sees what is not theirs, and nothing answers 500."""

from __future__ import annotations

import datetime as dt
import re
import uuid

import pytest
from django.test import Client
from django.urls import get_resolver, reverse

from qizhi.branch_life.models import WorkingMethod
from qizhi.core import clock
from qizhi.core.http import Access
from qizhi.core.models import ImportDraft
from qizhi.gatherings.models import Attachment, Kind, Series, Template
from qizhi.gatherings.services.facts import GatheringFacts
from qizhi.gatherings.services.records import record_gathering
from qizhi.gatherings.services.standard import load_standard_kinds
from qizhi.org.models import Leave
from qizhi.regulations.models import CalendarPaper, Clause, Regulation, Version
from qizhi.regulations.services.calendar import load_national_calendar
from qizhi.regulations.services.national import load_national_regulations
from qizhi.tasks.models import Plan, PlanItem
from tests.test_house import _patterns

ROLES = ("secretary", "member", "neighbour", "officer", "personnel", "inspector", "leader", "outsider")
SECRET = "只有第一党支部知道"
# What belongs to the first branch alone: its neighbour must not find it.
OWN = {"gathering_id", "attachment_id", "plan_id", "item_id", "method_id", "row_id"}


@pytest.fixture
def things(cast):
    """One thing for each argument of an address, all of them of bureau 甲 and its first branch."""
    officer = cast.actor("officer")
    load_standard_kinds(cast.bureau, by=officer)
    load_national_calendar(cast.bureau, by=officer)
    load_national_regulations(cast.bureau, by=officer)
    kind = Kind.objects.get(bureau=cast.bureau, key="lesson")
    facts = GatheringFacts(unit=cast.first, held_on=dt.date(2018, 1, 12), kinds=(kind,), title=SECRET)
    gathering = record_gathering(facts=facts, by=cast.actor("secretary"))
    attachment = Attachment.objects.create(
        bureau=cast.bureau,
        gathering=gathering,
        name=f"{SECRET}.txt",
        content_type="text/plain",
        size=1,
        content=b"x",
        added_at=clock.now(),
    )
    plan = Plan.objects.create(
        bureau=cast.bureau, unit=cast.first, year=2018, purpose="branch_study", name=SECRET
    )
    item = PlanItem.objects.create(bureau=cast.bureau, plan=plan, month=1, topic=SECRET, ledger="lesson")
    method = WorkingMethod.objects.create(
        bureau=cast.bureau, unit=cast.first, name=SECRET, from_on=dt.date(2017, 1, 1)
    )
    leave = Leave.objects.create(
        bureau=cast.bureau, person=cast.person("member"), kind="annual", from_on=dt.date(2018, 1, 8)
    )
    draft = ImportDraft.objects.create(
        bureau_id=cast.bureau.pk,
        created_at=clock.now(),
        by_id=cast.officer.pk,
        importer="org.people",
        filename="花名册.csv",
        content="工号,姓名\n9999,某人\n".encode(),
    )
    regulation = Regulation.objects.filter(bureau=cast.bureau).order_by("code").first()
    series = Series.objects.create(bureau=cast.bureau, key="gratitude", name="感恩月")
    template = Template.objects.create(bureau=cast.bureau, name="模板", title="升旗")
    return {
        "unit_id": cast.first.pk,
        "person_id": cast.person("member").pk,
        "row_id": leave.pk,
        "gathering_id": gathering.pk,
        "attachment_id": attachment.pk,
        "series_id": series.pk,
        "template_id": template.pk,
        "kind_id": kind.pk,
        "plan_id": plan.pk,
        "item_id": item.pk,
        "method_id": method.pk,
        "regulation_id": regulation.pk,
        "version_id": Version.objects.filter(regulation=regulation).first().pk,
        "clause_id": Clause.objects.filter(bureau=cast.bureau).first().pk,
        "paper_id": CalendarPaper.objects.filter(bureau=cast.bureau).first().pk,
        "alias_id": uuid.uuid4(),
        "issued_id": uuid.uuid4(),
        "draft_id": draft.pk,
        "index": 0,
        "year": 2018,
    }


def addresses(things):
    """Every address of ours with its access: arguments filled with the things of the first branch."""
    found = []
    for route, entry in _patterns(get_resolver()):
        if not entry.callback.__module__.startswith("qizhi."):
            continue
        app = entry.callback.__module__.split(".")[1]
        names = re.findall(r"<(?:\w+:)?(\w+)>", route)
        words = {"key": "leave" if app == "org" else "org.people" if app == "web" else "gatherings.held"}
        words["kind"] = "docx"
        values = {name: things.get(name, words.get(name)) for name in names}
        assert None not in values.values(), f"{route}: say in `things` what stands for {values}"
        found.append((reverse(f"{app}:{entry.name}", kwargs=values), set(names), entry.callback.access))
    return found


@pytest.mark.parametrize("role", ROLES)
def test_every_address_answers_every_role_without_breaking(cast, things, role):
    client = cast.client(role)
    client.raise_request_exception = False
    broken, asked = [], 0
    for address, _names, _access in addresses(things):
        for method in (client.get, client.post):
            asked += 1
            status = method(address).status_code
            if status >= 500:
                broken.append(f"{method.__name__.upper()} {address}: {status}")
    assert broken == []
    print(f"G14: {role} asked {asked} times, nothing broke")


def test_an_outsider_sees_nothing_of_another_bureau(cast, things):
    client = cast.client("outsider")
    seen = []
    for address, names, _access in addresses(things):
        page = client.get(address)
        text = b"".join(page.streaming_content) if page.streaming else page.content
        is_open = page.status_code == 200 and any(name.endswith("_id") for name in names)
        if is_open or SECRET.encode() in text or "第一党支部".encode() in text:
            seen.append(f"{address}: {page.status_code}")
    assert seen == []


def test_the_secretary_of_another_branch_sees_no_row_of_this_one(cast, things):
    client = cast.client("neighbour")
    seen = []
    for address, names, _access in addresses(things):
        page = client.get(address)
        text = b"" if page.streaming else page.content
        if SECRET.encode() in text or (names & OWN and page.status_code == 200):
            seen.append(f"{address}: {page.status_code}")
    assert seen == []


def test_nobody_reads_without_logging_in_except_where_that_is_declared(cast, things):
    client = Client()
    open_doors = []
    for address, _names, access in addresses(things):
        assert isinstance(access, Access)
        page = client.get(address)
        is_turned_away = page.status_code in {302, 404} and "login" in page.get("Location", "login")
        if not access.is_public and not is_turned_away:
            open_doors.append(f"{address}: {page.status_code}")
    assert open_doors == []


def test_a_reading_page_refuses_to_be_written_to(cast, things):
    client = cast.client("officer")
    wrong = [
        address
        for address, _names, access in addresses(things)
        if not access.has_writes and client.post(address).status_code != 405
    ]
    assert wrong == []
