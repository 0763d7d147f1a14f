"""G14: every role asks for every address; nobody sees what is not theirs, and nothing answers 500."""

from __future__ import annotations

import pytest
from django.test import Client

from qizhi.core.http import Access
from tests.things import SECRET
from tests.walk import ENDS_SESSION, addresses, drained, keeping

# Who is admitted, and whose rows are left out, is decided before a database is asked, and is the same on both;
# that every page and form works on each of them is what `test_input` shows.
pytestmark = pytest.mark.once
ROLES = ("officer", "neighbour", "outsider", "secretary", "member", "personnel", "inspector", "leader")
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
def test_every_address_answers_every_role_and_shows_what_it_may(cast, things, role, tell):
    client = cast.client(role)
    client.raise_request_exception = False
    # Not the name of the branch: templates of tables give it as an example.
    theirs = (SECRET, cast.bureau.name, "书记甲", str(cast.first.pk))
    known, broken, seen, admitted = addresses(things), [], [], []
    # First all that is read: what nobody has changed is not worked out again. Who has left sees nothing more.
    with keeping():
        for address in [one for one in known if one.name not in ENDS_SESSION]:
            page = client.get(address.path)
            admitted += [address] * (page.status_code != 403)  # one guard stands before both methods
            text = b"".join(page.streaming_content) if page.streaming else page.content
            is_open = False
            if role == "outsider":
                is_open = page.status_code == 200 and any(name.endswith("_id") for name in address.arguments)
                is_open |= any(word.encode() in text for word in theirs)
            elif role == "neighbour":
                is_open = page.status_code == 200 and bool(address.arguments & OWN)
                is_open |= SECRET.encode() in text and not page.streaming
            seen += [f"{address.path}: {page.status_code}"] * is_open
            broken += [f"GET {address.path}: {page.status_code}"] * (page.status_code >= 500)
    for address in admitted:
        status = drained(client.post(address.path)).status_code
        broken += [f"POST {address.path}: {status}"] * (status >= 500)
    assert client.get("/").status_code == 200  # still logged in: it was this role who asked
    for address in [one for one in known if one.name in ENDS_SESSION]:
        broken += [address.path] * (client.post(address.path).status_code >= 500)
    assert broken == []
    assert seen == []
    tell("G14", f"{role} asked {len(known) + len(admitted)} times, nothing broke")


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
