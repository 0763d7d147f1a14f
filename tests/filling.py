"""What a careful person would type into each form, and nothing that stays."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.files.base import ContentFile
from django.db import transaction

from tests.walk import Address, Input, Page

FILLED = {
    "code": "new-code",
    "key": "new-key",
    "staff_no": "8888",
    "username": "somebody",
    "password": "a-long-word-9274",
    "birth_year": "1980",
    "last_day": "2018-01-14",
    "effective_from": "2031-01-01",
    "notice": "元旦：1月1日放假。",
    "hours": "1.5",
    "default_hours": "1.5",
    "chair": "书记甲",
    "lecturers": "书记甲",
    "seen_by": "纪检子",
    "auditors": "局长丑",
    "guests": "李四(外单位)",
    "items-0-topic": "新的一项",
    "items-0-month": "3",
    "items-0-lead": "书记甲",
    "items-0-ledger": "lesson",
    "votes-0-title": "新的决议",
    "votes-0-yes": "3",
    "roll-0004": "made_up",
    "reason-0004": "出差",
    "made-0004": "2018-01-15",
    "due_total": "5",
    "present_total": "4",
    "doc_no": "示检党〔2018〕9号",
    "p_lecturer": "principal",
    "owner": "书记甲",
    "approved_by": "书记甲",
    "handler": "党员丁",
    "working_days": "5",
    "link_address": "/",
    "names": "书记甲",
    "author": "书记甲",
    "seed": "监督人甲",
}
BY_TYPE = {"text": "新的", "textarea": "新的", "date": "2018-01-10", "number": "1"}
LEFT_EMPTY = {"pasted", "month", "raw", "rule_day", "group", "made_up_names", "excused_names", "absent_names"}
# Days that would end what has just begun, and answers that suit one case only.
LEFT_EMPTY |= {
    "due_on",
    "left_on",
    "to_on",
    "confirmed_until",
    "effective_to",
    "published_on",
    "replaced_by",
    "rule",
}
OF_PAGE = {
    "conduct:bulletin_approve": {"doc_no": "示检党通〔2018〕1号", "issued_on": "2018-01-10"},
    "conduct:case_new": {"person": "书记甲", "points": "-1", "happened_on": "2018-01-08"},
    "conduct:case_from_note": {"person": "书记甲", "points": "-1", "happened_on": "2018-01-08"},
    "conduct:observation_new": {"person": "书记甲"},
    "conduct:leave_new": {"to_on": "2018-01-12"},
    "conduct:leave_register": {
        "person": "委员乙",
        "to_on": "2018-01-12",
        "decided_by": "",
        "decided_on": "",
    },
    "conduct:matter_change_new": {"person": "书记甲", "happened_on": "2018-01-08"},
    "conduct:liaison_new": {"person": "书记甲"},
    "conduct:liaison_edit": {"person": "书记甲", "to_on": ""},
    "conduct:code_new": {"person": "书记甲", "days": "5"},
    "conduct:risk_review": {"review_on": "2018-07-10"},
    "branch_life:theme_day_new": {"from_on": "2018-01"},
    "branch_life:theme_day_edit": {"from_on": "2017-01", "to_on": "2017-06"},
    "regulations:exemption_new": {"from_on": "2018-01-01", "to_on": "2018-12-31"},
    "regulations:exemption_edit": {"from_on": "2017-01-01", "to_on": "2017-12-31"},
    "regulations:paper_new": {"scope": "unit", "year": "2018", "title": "关于2018年放假安排的通知"},
    "gatherings:record": {"held_on": "2018-01-12"},
    "org:person_change": {"from_on": "2018-01-15", "status": "no_vote"},
    "tasks:hand_over": {"handler": "书记甲"},
    "tasks:extension_new": {"until": "2018-02-28"},
    "tasks:list_new": {"year": "2019", "lines": "新的一项"},
    "tasks:note_edit": {"person": "党员丁"},
    "tasks:plan_new": {"year": "2019", "purpose": "other"},
    "study:round_new": {"number": "1", "seconds": "30", "opens_at": "", "closes_at": ""},
    "study:round_edit": {"seconds": "30"},
    "study:question_new": {"choices": "甲\n乙", "answer": "A"},
}


# A draft of a version stands in the way of another, an export is logged each time it is made.
ONLY_ASKED = {"web:archive"}
# A question sent by POST, so that no address holds the code; its answer is a page.
# A code is shown once, on the page that is printed.
QUESTIONS = {"org:account_reset", "publishing:complaint_by_code", "conduct:code_new"}
# A case stands at one step at a time; the tests of conduct take it through each of the others.
OTHER_STEPS = {
    f"conduct:case_{step}"
    for step in ("edit", "drop", "notify", "decide", "appeal", "admit", "review", "finalize")
}
DRAFT_FIRST = {"regulations:version_new", "regulations:version_clone"}


@contextmanager
def undone() -> Iterator[None]:
    """Whatever the block writes is taken back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def files_of(form: dict[str, Input]) -> dict[str, ContentFile]:
    """A good file for each input that takes one."""
    content = "工号,姓名\n9999,某人\n".encode()
    return {one.name: ContentFile(content, name="表.csv") for one in form.values() if one.type == "file"}


def filled(address: Address, page: Page, form: dict[str, Input]) -> list[tuple[str, str]]:
    """What a careful person would send from a page: what is there, and something for what is not."""
    known = FILLED | OF_PAGE.get(address.name, {})
    pairs = page.buttons[:1] if len(form) == 1 else []
    for one in form.values():
        if one.type == "file" or one.name == "csrfmiddlewaretoken":
            continue
        values = [value for value in one.sent if value]
        if (
            one.name in known
            and one.type != "hidden"
            and (not values or one.name in OF_PAGE.get(address.name, {}))
        ):
            values = [known[one.name]]
        elif one.name in LEFT_EMPTY or "-" in one.name or one.type == "hidden":
            values = one.sent
        elif not values:
            blank = BY_TYPE.get(one.type)
            values = [blank] if blank else [option for option in one.options if option][:1]
        pairs += [(one.name, value) for value in values]
    return pairs
