"""Banks and their questions as lists want them."""

from __future__ import annotations

import uuid

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from qizhi.core.models import ImportDraft
from qizhi.study.models import Bank, BankQuestion
from qizhi.study.permissions.banks import BANK_FILE

MOST_FILES = 10


def banks_of(bureau_id: uuid.UUID) -> QuerySet[Bank]:
    """The banks of a bureau with the number of questions that are asked and of those retired."""
    retired = Q(questions__is_retired=True)
    banks: QuerySet[Bank] = Bank.objects.filter(bureau_id=bureau_id).annotate(
        asked=Count("questions", filter=~retired & Q(questions__isnull=False)),
        retired=Count("questions", filter=retired),
    )
    return banks.order_by("name")


def questions_of(bank: Bank, *, topic: str = "", text: str = "") -> QuerySet[BankQuestion]:
    """The questions of a bank in their order, narrowed by topic and by a word."""
    questions = BankQuestion.objects.filter(bureau_id=bank.bureau_id, bank=bank)
    if topic:
        questions = questions.filter(topic=topic)
    if text:
        questions = questions.filter(Q(text__contains=text) | Q(code__contains=text))
    return questions.order_by("position", "id")


def topics_of(bank: Bank) -> list[tuple[str, int]]:
    """Topics with the number of questions that are asked, in the order of their names."""
    rows = BankQuestion.objects.filter(bureau_id=bank.bureau_id, bank=bank, is_retired=False)
    return list(rows.order_by("topic").values_list("topic").annotate(number=Count("pk")))


def waiting_files(bank: Bank) -> QuerySet[ImportDraft]:
    """Files that were uploaded for the bank and not yet taken in, newest first.

    One that had to be mended is gone from the list once a file of its name was taken in after it.
    """
    own = ImportDraft.objects.filter(bureau_id=bank.bureau_id, importer=BANK_FILE, options__bank=str(bank.pk))
    mended = own.filter(filename=OuterRef("filename"), applied_at__gt=OuterRef("created_at"))
    drafts = own.filter(~Exists(mended), applied_at__isnull=True)
    return drafts.defer("content").order_by("-created_at")[:MOST_FILES]
