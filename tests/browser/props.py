"""What the tests in a browser find on stage; run in the surroundings of the stage, it prints that as JSON.

Sessions of the sample accounts (their passwords are hashed slowly, by design), and of every address of ours the
page that the right person sees: `{"sessions": {account: key}, "pages": {"app:name": [account, address]}}`.
"""

from __future__ import annotations

import json
import logging
import os
import re
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import django
from django.test import Client
from django.test.utils import setup_test_environment
from django.urls import get_resolver, reverse

from tests.browser.newer_props import LATER, STEPS, newer_things

if TYPE_CHECKING:
    from qizhi.core.http import Access
    from qizhi.core.permissions import Actor

SEEN_BY = ("officer", "secretary", "personnel", "committee", "discipline", "leader", "member")
"""Who is asked for a page, in this order: the office sees the longest lists."""
NO_PAGES = {
    **STEPS,
    **LATER,
    "gatherings:attachment": "a file",
    "gatherings:blank_roll_sheet": "only of a unit: see `MORE`",
    "gatherings:blank_tally_sheet": "only of a unit: see `MORE`",
    "gatherings:detach": "a step: it shows the gathering again",
    "gatherings:restore": "a step",
    "reports:issued_file": "a file",
    "reports:overview_file": "a file",
    "reports:template_check": "a step: it shows a fragment",
    "reports:template_restore": "a step",
    "study:bank_file": "only of a file that is being brought in: its own tests open it",
    "study:completion_remove": "a step",
    "study:item_unlink": "a step",
    "study:my_hours": "a step: it leads to one's own hours",
    "study:phase_remove": "a step",
    "study:resource_link": "a step",
    "study:topic_remove": "a step",
    "tasks:item_restore": "a step",
    "web:calendar": "a file",
    "web:draft_errors": "a file",
    "web:first_start": "only in an empty house, which a test of its own opens",
    "web:restore": "only in an empty house",
    "web:table_export": "a file",
    "web:template": "a file",
}
PEOPLE = "工号,姓名,性别,进局日期\n0001,示例甲,男,2015.3.5\n,示例乙,女,2017年13月\n9901,示例丙,女,2017年3月\n"
MEETING = "2月主题党日"


def main() -> None:
    """Set the props, and say where they are."""
    django.setup()
    setup_test_environment()
    logging.disable()  # to be refused is part of the search
    from qizhi.core import clock  # noqa: PLC0415 - only after the set-up
    from tests.browser.wsgi import DAY  # noqa: PLC0415

    with clock.at(DAY):
        clients = _clients()
        things = _things(clients)
        sessions = {name: client.cookies["sessionid"].value for name, client in clients.items()}
        pages = dict(_pages(clients, things)) | _more(things)
    json.dump({"sessions": sessions, "pages": pages}, sys.stdout)


def _clients() -> dict[str, Client]:
    from qizhi.org.models import Account  # noqa: PLC0415 - only after the set-up

    clients = {}
    for account in Account.objects.all():
        clients[account.username] = Client()
        clients[account.username].force_login(account)
    return clients


def _things(clients: dict[str, Client]) -> dict[str, list[Any]]:
    """What may stand for each argument of an address, the fullest first."""
    from qizhi.branch_life.models import WorkingMethod  # noqa: PLC0415
    from qizhi.core.models import ImportDraft  # noqa: PLC0415
    from qizhi.gatherings.models import Attachment, Gathering, Kind, Series, Template  # noqa: PLC0415
    from qizhi.org.models import Leave, Person, Unit  # noqa: PLC0415
    from qizhi.regulations.models import (  # noqa: PLC0415
        CalendarPaper,
        Clause,
        Regulation,
        RegulationAlias,
        Version,
    )
    from qizhi.reports.models import IssuedOverview, OverviewTemplate  # noqa: PLC0415
    from qizhi.tasks.models import Plan, PlanItem  # noqa: PLC0415

    branch = Unit.objects.get(code="z01")
    held = Gathering.objects.filter(unit=branch, title__startswith=MEETING).latest("held_on")
    withdrawn = Gathering.objects.filter(unit=branch, title__contains="党课").latest("held_on")
    congress = Gathering.objects.filter(unit=branch, resolutions__isnull=False).latest("held_on")
    visited = Gathering.objects.filter(unit=branch, visitors__isnull=False).latest("held_on")
    open_ones = Version.objects.published().filter(clauses__isnull=False, effective_to=None)
    version = open_ones.exclude(regulation__versions__status="draft").latest("effective_from")
    _act(clients, held, withdrawn, version)
    leave = Leave.objects.filter(
        person__memberships__unit=branch, to_on=None
    ).first() or Leave.objects.latest("from_on")
    draft = Version.objects.latest("pk")
    plan = Plan.objects.filter(unit=branch).latest("year")
    centre = Plan.objects.filter(unit__code="cg").latest("year")
    return {
        "unit_id": [branch.pk, *Unit.objects.exclude(to_on=None).values_list("pk", flat=True)[:1]],
        "person_id": [
            leave.person_id,
            *Person.objects.filter(memberships__unit=branch).values_list("pk", flat=True)[:1],
        ],
        "row_id": [leave.pk],
        "gathering_id": [held.pk, visited.pk, congress.pk, withdrawn.pk],
        "attachment_id": [Attachment.objects.get().pk],
        "series_id": [Series.objects.first().pk],
        "gatherings template_id": [Template.objects.first().pk],
        "reports template_id": [OverviewTemplate.objects.first().pk],
        "kind_id": [Kind.objects.get(key="lesson").pk],
        "kind_keys": list(Kind.objects.filter(key__in=("theme-day", "lesson")).values_list("pk", flat=True)),
        "plan_id": [plan.pk, centre.pk],
        "item_id": [PlanItem.objects.filter(plan=plan).first().pk],
        "method_id": [WorkingMethod.objects.first().pk],
        "regulation_id": [version.regulation_id, Regulation.objects.first().pk],
        "version_id": [draft.pk, version.pk],
        "clause_id": [Clause.objects.filter(version=draft).exclude(kind="").first().pk],
        "paper_id": [CalendarPaper.objects.first().pk],
        "alias_id": [RegulationAlias.objects.first().pk],
        "issued_id": [IssuedOverview.objects.get().pk],
        "draft_id": list(ImportDraft.objects.values_list("pk", flat=True)),
        **_studies(),
        **newer_things(clients),
        "index": [0],
        "kind": ["docx"],
        "org key": ["leave", "post"],
        "web key": ["org.people"],
        "reports key": ["gatherings.held"],
    }


def _studies() -> dict[str, list[Any]]:
    """What stands for the arguments of the addresses of study."""
    from qizhi.study.models import (  # noqa: PLC0415 - only after the set-up
        CampaignPhase,
        Completion,
        Course,
        Resource,
    )

    phase = CampaignPhase.objects.latest("from_on")
    return {
        "campaign_id": [phase.campaign_id],
        "phase_id": [phase.pk],
        "topic_id": [phase.campaign.topics.first().pk],
        "course_id": [Course.objects.first().pk],
        "completion_id": [Completion.objects.latest("completed_on").pk],
        "resource_id": [Resource.objects.filter(links__isnull=False).first().pk],
    }


def _act(clients: dict[str, Client], held: Any, withdrawn: Any, version: Any) -> None:
    """Do what the sample bureau has not done yet."""
    from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: PLC0415

    secretary, officer = clients["secretary"], clients["officer"]
    file = SimpleUploadedFile("签到表.txt", "名单".encode())
    _done(secretary.post(f"{held.get_absolute_url()}attachments/", {"attachments": file}))
    _done(secretary.post(f"{withdrawn.get_absolute_url()}withdraw/", {"reason": "重复登记"}))
    book = SimpleUploadedFile("花名册.csv", PEOPLE.encode("gb18030"))
    _done(clients["personnel"].post("/tables/org.people/upload/", {"file": book}))
    clone = {"label": "2018年修订", "effective_from": "2030-12-01"}
    _done(officer.post(f"/regulations/versions/{version.pk}/clone/", clone))


def _done(answer: Any) -> None:
    assert answer.status_code == 302, (answer.request["PATH_INFO"], answer.content.decode())


def _pages(clients: dict[str, Client], things: dict[str, list[Any]]) -> Iterator[tuple[str, tuple[str, str]]]:
    """Of each address the first that somebody gets a page of."""
    actors = {name: _actor(name) for name in SEEN_BY}
    for name, route, access in routes():
        if name in NO_PAGES:
            continue
        # Whoever may not is not asked: half of all pages would be refusals.
        admitted = [one for one in SEEN_BY if access.wanted is None or actors[one].may(access.wanted)]
        app = name.split(":")[0]
        wanted = {
            word: things.get(f"{app} {word}") or things.get(word, [])
            for word in re.findall(r"<\w+:(\w+)>", route)
        }
        if not all(wanted.values()):
            continue  # nothing of this sort in the sample bureau: its page is not looked at here
        longest = max((len(values) for values in wanted.values()), default=1)
        for turn in range(longest):
            chosen = {word: values[min(turn, len(values) - 1)] for word, values in wanted.items()}
            address = reverse(name, kwargs=chosen)
            who = next((one for one in admitted if _is_page(clients[one], address)), None)
            if who:
                yield name, (who, address)
                break
    yield "web:log_in", ("", "/login/")
    yield "publishing:complaint_open", ("", reverse("publishing:complaint_open"))


def _is_page(client: Client, address: str) -> bool:
    answer = client.get(address)
    is_whole = answer.status_code == 200 and answer["Content-Type"].startswith("text/html")
    return is_whole and b"<!doctype html>" in answer.content


def _actor(username: str) -> Actor:
    from qizhi.org.models import Account  # noqa: PLC0415 - only after the set-up
    from qizhi.org.queries import actor_of  # noqa: PLC0415

    return actor_of(Account.objects.get(username=username))


def routes() -> list[tuple[str, str, Access]]:
    """Name, route and access of every address of ours."""
    from tests.test_house import _patterns  # noqa: PLC0415 - it asks Django for the apps

    return [
        (f"{entry.callback.__module__.split('.')[1]}:{entry.name}", route, entry.callback.access)
        for route, entry in _patterns(get_resolver())
        if entry.callback.__module__.startswith("qizhi.")
    ]


MORE = {
    "home of a secretary": ("secretary", "/"),
    "home of a small branch": ("secretary-small", "/"),
    "home of a group": ("group-leader", "/"),
    "home of a leader": ("leader", "/"),
    "home of a member": ("member", "/"),
    "list of a branch": ("secretary", "/gatherings/"),
    "clauses of a year": ("officer", "/branch-life/findings/?year=2017"),
    "list with nothing": ("officer", "/gatherings/?q=没有这样的活动"),
    "form with kinds": ("secretary", "/gatherings/record/?{kinds}&held_on=2018-03-14"),
    "form of a month": ("secretary", "/gatherings/record/?{kinds}&month=2018-02"),
    "agenda that is planned": (
        "secretary",
        "/gatherings/agenda/?topics=传达文件 40分钟%0A年度工作报告 90分钟%0A讨论&title=支部会&starts_at=14:30",
    ),
    "blank roll sheet": ("secretary", "/gatherings/roll-sheet/?unit={unit}&{keys}&held_on=2018-03-14"),
    "blank tally sheet": ("secretary", "/gatherings/tally-sheet/?unit={unit}&{kinds}&rule=election"),
    "tally sheet with votes": ("secretary", "/gatherings/{congress}/tally-sheet/"),
    "gathering with visitors": ("secretary", "/gatherings/{visited}/"),
    "gathering with votes": ("secretary", "/gatherings/{congress}/"),
    "withdrawn gathering": ("secretary", "/gatherings/{withdrawn}/"),
    "overview of today": ("leader", "/reports/overview/?as_of=2018-03-14"),
    "search with hits": ("officer", "/search/?q=党课"),
    "search without hits": ("officer", "/search/?q=没有这样的词"),
    "not found": ("officer", "/gatherings/nothing-here/"),
    "refused": ("member", "/regulations/new/"),
    "reading only": ("secretary", "/regulations/"),
}
"""States of pages that have no address of their own."""


def _more(things: dict[str, list[Any]]) -> dict[str, tuple[str, str]]:
    _held, visited, congress, withdrawn = things["gathering_id"]
    kinds, unit = "kind=theme-day&kind=lesson", things["unit_id"][0]
    keys = "&".join(f"kinds={key}" for key in things["kind_keys"])
    words = {
        "kinds": kinds,
        "keys": keys,
        "unit": unit,
        "visited": visited,
        "congress": congress,
        "withdrawn": withdrawn,
    }
    return {name: (who, address.format(**words)) for name, (who, address) in MORE.items()}


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qizhi.config.settings")
    main()
