"""Who keeps the question banks; objects fetched and checked for a person."""

from __future__ import annotations

import uuid

from django.http import Http404

from qizhi.core.models import ImportDraft
from qizhi.core.permissions import Actor, Permission, Scope, permission
from qizhi.org.enums import Role
from qizhi.study.models import Bank, BankQuestion

BANK_FILE = "study.bank"
"""What an uploaded file of questions is called while it waits."""
MANAGE_BANKS = permission(
    key="study.manage_banks",
    label="维护题库",
    held_by=((Role.AFFAIRS_OFFICER, Scope.ALL), (Role.DISCIPLINE_OFFICER, Scope.ALL)),
)


def bank_for(actor: Actor, wanted: Permission, bank_id: uuid.UUID) -> Bank:
    """The bank, if the actor's bureau holds it; Http404 otherwise."""
    banks = Bank.objects.filter(bureau_id=actor.bureau_id, pk=bank_id)
    bank = banks.first() if _all(actor, wanted) else None
    if bank is None:
        raise Http404
    return bank


def question_for(actor: Actor, wanted: Permission, question_id: uuid.UUID) -> BankQuestion:
    """The question with its bank; Http404 otherwise."""
    questions = BankQuestion.objects.filter(bureau_id=actor.bureau_id).select_related("bank")
    question = questions.filter(pk=question_id).first() if _all(actor, wanted) else None
    if question is None:
        raise Http404
    return question


def bank_file_for(actor: Actor, bank: Bank, draft_id: uuid.UUID) -> ImportDraft:
    """A file that waits to be taken into the bank; Http404 otherwise."""
    drafts = ImportDraft.objects.filter(bureau_id=actor.bureau_id, importer=BANK_FILE, pk=draft_id)
    draft = drafts.filter(options__bank=str(bank.pk)).first()
    if draft is None:
        raise Http404
    return draft


def _all(actor: Actor, wanted: Permission) -> bool:
    # Banks belong to a bureau and to no unit: only a permission that reaches all of it reaches them.
    return actor.reach(wanted).is_all
