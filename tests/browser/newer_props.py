"""What stands for the arguments of addresses that an app of its own brought along."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.test import Client

MODELS = {
    "asked_id": "study.ContestQuestion",
    "bank_id": "study.Bank",
    "complaint_id": "publishing.Complaint",
    "contact_id": "branch_life.Contact",
    "contest_id": "study.Contest",
    "duty_id": "tasks.Duty",
    "exclusion_id": "gatherings.VotingExclusion",
    "exemption_id": "regulations.Exemption",
    "instruction_id": "gatherings.Instruction",
    "list_id": "tasks.DutyList",
    "note_id": "tasks.DutyNote",
    "question_id": "study.BankQuestion",
    "review_id": "branch_life.MethodReview",
    "round_id": "study.ContestRound",
    "talk_id": "branch_life.Talk",
    "theme_day_id": "branch_life.ThemeDay",
    "bulletin_id": "conduct.Bulletin",
    "call_id": "culture.Call",
    "case_id": "conduct.Case",
    "check_id": "conduct.PaperCheck",
    "code_id": "conduct.PrintedCode",
    "correction_id": "conduct.Correction",
    "document_id": "tasks.Document",
    "extension_id": "tasks.Extension",
    "finding_id": "regulations.Finding",
    "handling_id": "tasks.Handling",
    "inspection_id": "conduct.Inspection",
    "leave_id": "conduct.LeaveRequest",
    "liaison_id": "conduct.Liaison",
    "observation_id": "conduct.Observation",
    "opinion_id": "conduct.Opinion",
    "period_id": "regulations.PeriodClose",
    "post_duty_id": "conduct.PostDuty",
    "proposal_id": "regulations.Proposal",
    "referral_id": "conduct.Referral",
    "report_id": "conduct.MatterReport",
    "risk_id": "conduct.RiskPoint",
    "run_id": "regulations.Run",
    "work_id": "culture.Work",
    "year_file_id": "study.YearFile",
}
STEPS = dict.fromkeys(
    (
        *("branch_life:contact_remove", "branch_life:method_unlink", "branch_life:review_remove"),
        *("culture:call_remove", "culture:work_restore", "culture:works_decide"),
        *("branch_life:talk_restore", "branch_life:talk_withdraw", "branch_life:theme_day_remove"),
        *("gatherings:exclusion_remove", "gatherings:feedback_strike", "gatherings:leave_audit"),
        *("publishing:complaint_reopen", "study:board_order"),
        *(
            "study:notes_remove",
            "study:question_retire",
            "study:round_run",
            "study:self_test_remove",
            "tasks:duty_restore",
        ),
        *("tasks:list_copy", "tasks:list_delete", "tasks:part_reopen"),
    ),
    "a step",
)
LATER = dict.fromkeys(
    (
        "conduct:appraisal",
        "conduct:bulletin_file",
        "conduct:bulletin_remove",
        "conduct:case_finalize",
        "conduct:case_notice",
        "conduct:case_notify_again",
        "conduct:case_paper",
        "conduct:cases_finalize",
        "conduct:check_draw",
        "conduct:code_revoke",
        "conduct:inspection_close",
        "conduct:leave_cancel",
        "conduct:matters_hand_in",
        "conduct:inspection_reopen",
        "conduct:observation_restore",
        "conduct:referral",
        "conduct:referral_answer",
        "conduct:referral_edit",
        "conduct:referral_withdraw",
        "conduct:opinion_new",
        "regulations:period_reopen",
        "regulations:proposal",
        "tasks:document_reopen",
        "tasks:document_restore",
        "tasks:extension_withdraw",
        "tasks:handling_undo",
        "org:account_disable",
        "org:account_enable",
        "org:account_reset",
        "web:mine_download",
        "web:own_case",
        "web:own_close",
        "web:own_correct",
        "web:own_download",
        "web:own_page",
        "web:own_paper",
    ),
    "a file, a step, or nothing of its sort in the sample bureau: the tests of its app open it",
)
TRIED = 40
"""Rows of each model that are tried, newest first: not every one may be opened in its present state."""


def newer_things(clients: dict[str, Client]) -> dict[str, list[Any]]:
    """Rows of the sample bureau for each argument, and the words of addresses without a row."""
    from qizhi.org.models import JointUnit, Post, Unit  # noqa: PLC0415 - only after the set-up
    from qizhi.study.models import ContestTeam, ReadingNotes, SelfTest  # noqa: PLC0415
    from qizhi.tasks.models import DutyPart  # noqa: PLC0415
    from qizhi.web.models import Feed  # noqa: PLC0415

    days = {"from_on": "2016-01-01", "to_on": "2016-12-31", "approved_on": "2016-01-04"}
    said = {"reason": "全员驻村防汛", "approver": "机关党委会议"}
    _send(clients["officer"], "/regulations/exemptions/new/", **days, **said)
    _send(clients["officer"], "/branch-life/theme-days/new/", from_on="2018-01", to_on="2018-02")
    found: dict[str, list[Any]] = {
        word: list(apps.get_model(label).objects.order_by("-pk").values_list("pk", flat=True)[:TRIED])
        for word, label in MODELS.items()
    }
    _send(clients["officer"], "/calendar/new/", scope="person")
    _send(clients["officer"], "/study/self-tests/", source=str(found["bank_id"][0]))
    _send(clients["member"], "/study/notes/new/", number="2")
    centre = Unit.objects.filter(code="cg").values_list("pk", flat=True)
    branch = Unit.objects.get(code="z01").pk
    leaders = Post.objects.filter(role="party_group_member", to_on=None)
    kinds = apps.get_model("culture.WorkKind").objects.values_list("pk", flat=True)
    return {
        **found,
        "culture kind_id": list(kinds[:TRIED]),
        "part_id": list(
            DutyPart.objects.filter(unit__code="z01").order_by("-pk").values_list("pk", flat=True)[:TRIED]
        ),
        "ledger": ["lessons"],
        "document": ["notice"],
        "feed_id": [Feed.objects.get().pk],
        "declaration_id": [ReadingNotes.objects.latest("pk").pk],
        "test_id": [SelfTest.objects.latest("pk").pk],
        "team_key": [ContestTeam.objects.first().key],
        "study unit_id": [*centre, branch],
        "aspect": ["joint-unit"],
        "aspect_id": list(JointUnit.objects.filter(unit=branch).values_list("pk", flat=True)),
        "branch_life person_id": list(leaders.values_list("person_id", flat=True)),
    }


def _send(client: Client, address: str, **values: Any) -> None:
    """Send a form with the choices that it offers first."""
    form = client.get(address).context["form"]
    offered = {
        name: field.choices[-1][0] for name, field in form.fields.items() if getattr(field, "choices", None)
    }
    given = {name: form[name].value() for name in form.fields if form[name].value() not in (None, "", [])}
    answer = client.post(address, {**offered, **given, **values})
    wrong = answer.context["form"].errors if answer.context else {}
    assert answer.status_code in {200, 302}, (address, wrong, answer.status_code)
