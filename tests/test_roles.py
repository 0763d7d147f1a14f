"""G14: every role asks for every address; nobody sees what is not theirs, and nothing answers 500."""

from __future__ import annotations

import pytest
from django.test import Client

from qizhi.core.http import Access
from tests.things import SECRET
from tests.walk import addresses

ROLES = ("secretary", "member", "neighbour", "officer", "personnel", "inspector", "leader", "outsider")
# What belongs to the first branch alone: its neighbour must not find it.
OWN = {
    "gathering_id",
    "attachment_id",
    "plan_id",
    "item_id",
    "method_id",
    "review_id",
    "contact_id",
    "talk_id",
    "theme_day_id",
    "work_id",
    "row_id",
    "complaint_id",
    "completion_id",
    "declaration_id",
    "feed_id",
    "list_id",
    "duty_id",
    "part_id",
    "note_id",
    "document_id",
    "handling_id",
    "extension_id",
    "exclusion_id",
    "exemption_id",
    "run_id",
    "finding_id",
    "proposal_id",
    "period_id",
    "case_id",
    "observation_id",
    "referral_id",
    "inspection_id",
    "leave_id",
    "bulletin_id",
}


@pytest.mark.parametrize("role", ROLES)
def test_every_address_answers_every_role_without_breaking(cast, things, role, tell):
    client = cast.client(role)
    client.raise_request_exception = False
    broken, asked = [], 0
    for address in addresses(things):
        for method in (client.get, client.post):
            asked += 1
            status = method(address.path).status_code
            if status >= 500:
                broken.append(f"{method.__name__.upper()} {address.path}: {status}")
    assert broken == []
    tell("G14", f"{role} asked {asked} times, nothing broke")


def test_an_outsider_sees_nothing_of_another_bureau(cast, things):
    client = cast.client("outsider")
    seen = []
    # Not the name of the branch: templates of tables give it as an example.
    theirs = (SECRET, cast.bureau.name, "书记甲", str(cast.first.pk))
    for address in addresses(things):
        page = client.get(address.path)
        text = b"".join(page.streaming_content) if page.streaming else page.content
        is_open = page.status_code == 200 and any(name.endswith("_id") for name in address.arguments)
        if is_open or any(word.encode() in text for word in theirs):
            seen.append(f"{address.path}: {page.status_code}")
    assert seen == []


def test_the_secretary_of_another_branch_sees_no_row_of_this_one(cast, things):
    client = cast.client("neighbour")
    seen = []
    for address in addresses(things):
        page = client.get(address.path)
        text = b"" if page.streaming else page.content
        if SECRET.encode() in text or (address.arguments & OWN and page.status_code == 200):
            seen.append(f"{address.path}: {page.status_code}")
    assert seen == []


def test_nobody_reads_without_logging_in_except_where_that_is_declared(cast, things):
    client = Client()
    open_doors = []
    for address in addresses(things):
        assert isinstance(address.access, Access)
        page = client.get(address.path)
        is_turned_away = page.status_code in {302, 404} and "login" in page.get("Location", "login")
        if not address.access.is_public and not is_turned_away:
            open_doors.append(f"{address.path}: {page.status_code}")
    assert open_doors == []


def test_a_reading_page_refuses_to_be_written_to(cast, things):
    client = cast.client("officer")
    wrong = [
        address.path
        for address in addresses(things)
        if not address.access.has_writes and client.post(address.path).status_code != 405
    ]
    assert wrong == []
