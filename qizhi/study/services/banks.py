"""Changes to banks and their questions; each is one transaction and one event."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import replace

from django.db import transaction
from django.db.models import Max

from qizhi.core import audit, clock
from qizhi.core.errors import Refused
from qizhi.core.imports import What
from qizhi.core.models import ImportDraft
from qizhi.core.once import made_before
from qizhi.core.permissions import Actor
from qizhi.core.values import dataclass
from qizhi.study.gateways.found import BadLine, Found, Reading
from qizhi.study.gateways.question_files import read_question_file
from qizhi.study.models import Bank, BankQuestion
from qizhi.study.permissions.banks import BANK_FILE
from qizhi.study.rules.questions import Question, fault, tidy


@dataclass(frozen=True)
class ImportLine:
    """What one question of a file does to the bank; `row` is the question it changes."""

    line: int
    what: What
    question: Question
    row: BankQuestion | None = None

    @property
    def former(self) -> str:
        """The words it had, where the file changes them."""
        is_other = self.row is not None and self.row.text != self.question.text
        return self.row.text if self.row is not None and is_other else ""


@transaction.atomic
def create_bank(
    *,
    name: str,
    note: str = "",
    is_open: bool = False,
    by: Actor,
    id: uuid.UUID | None = None,  # noqa: A002
) -> Bank:
    """Make a bank; asking again with the same id returns the one that is there.

    Raises:
        Refused: the bureau has a bank of that name.
    """
    if (known := made_before(Bank, id, by.bureau_id)) is not None:
        return known
    bank = Bank(bureau_id=by.bureau_id, name=name, note=note, is_open=is_open)
    if id is not None:
        bank.pk = id
    _check_name(bank)
    bank.save(force_insert=True)
    audit.record("study.create_bank", bank, by=by)
    return bank


@transaction.atomic
def change_bank(bank: Bank, *, name: str, note: str, is_open: bool, by: Actor) -> Bank:
    """Change name, note, and whether people may test themselves with it.

    Raises:
        Refused: the bureau has another bank of that name.
    """
    before = audit.snapshot(bank)
    bank.name, bank.note, bank.is_open = name, note, is_open
    _check_name(bank)
    bank.save()
    audit.record("study.change_bank", bank, by=by, before=before)
    return bank


def _check_name(bank: Bank) -> None:
    others = Bank.objects.filter(bureau_id=bank.bureau_id, name=bank.name).exclude(pk=bank.pk)
    if others.exists():
        message = f"已有名为“{bank.name}”的题库，请换一个名称，或把题目导入那个题库。"
        raise Refused(message, "name")


@transaction.atomic
def save_question(
    bank: Bank,
    question: Question,
    *,
    by: Actor,
    row: BankQuestion | None = None,
    id: uuid.UUID | None = None,  # noqa: A002 - the row's key
) -> BankQuestion:
    """Add a question, or change `row`; asking again with the same id adds nothing.

    Raises:
        Refused: it cannot be asked like this, or stands in the bank already.
    """
    if row is None and (known := made_before(BankQuestion, id, by.bureau_id)) is not None:
        return known
    question = tidy(question)
    if wrong := fault(question):
        message = f"{wrong.reason}。{wrong.fix}。"
        raise Refused(message)
    others = BankQuestion.objects.filter(bureau_id=by.bureau_id, bank=bank)
    others = others.exclude(pk=row.pk) if row else others
    same = others.filter(code=question.code).first() if question.code else None
    same = same or next(
        (one for one in others.filter(text=question.text) if _same_words(one, question)), None
    )
    if same is not None:
        message = f"题库里已有这道题：“{same}”（编号{same.code or '无'}）。请修改那一道，或换一个编号。"
        raise Refused(message, "code" if same.code == question.code and question.code else "text")
    before = audit.snapshot(row) if row else None
    made = row or BankQuestion(bureau_id=by.bureau_id, bank=bank, position=_last(bank) + 1)
    if row is None and id is not None:
        made.pk = id
    made.value = question
    made.save()
    audit.record("study.change_question" if row else "study.add_question", made, by=by, before=before)
    return made


def _same_words(row: BankQuestion, question: Question) -> bool:
    return row.text == question.text and tuple(row.choices) == question.choices


def _last(bank: Bank) -> int:
    return bank.questions.aggregate(last=Max("position"))["last"] or 0


@transaction.atomic
def retire_question(question: BankQuestion, *, is_retired: bool, by: Actor) -> BankQuestion:
    """Ask a question no more, or again."""
    before = audit.snapshot(question)
    question.is_retired = is_retired
    question.save(update_fields=["is_retired"])
    audit.record("study.retire_question", question, by=by, before=before)
    return question


@transaction.atomic
def keep_question_file(bank: Bank, *, filename: str, content: bytes, by: Actor) -> ImportDraft:
    """Keep an uploaded file of questions until a person says yes; the same file again is the one that waits.

    Raises:
        UnreadableFile: the file cannot be read at all; nothing is kept.
    """
    read_question_file(content, filename)
    own = {
        "bureau_id": by.bureau_id,
        "by_id": by.account_id,
        "importer": BANK_FILE,
        "filename": filename[-200:],
        "content": content,
        "options": {"bank": str(bank.pk)},
    }
    waiting = ImportDraft.objects.filter(**own, applied_at__isnull=True).order_by("-created_at").first()
    return waiting or ImportDraft.objects.create(**own, created_at=clock.now())


def check_question_file(bank: Bank, draft: ImportDraft) -> tuple[list[ImportLine], Reading]:
    """What each question of a kept file would do now, and every line that is wrong."""
    reading = read_question_file(bytes(draft.content), draft.filename)
    lines = _compare(bank, reading.found)
    met: dict[uuid.UUID, int] = {}
    for one in lines:
        if one.row is not None and one.row.pk in met:
            reason = f"与第{met[one.row.pk]}行是题库里的同一道题"
            fix = "请删去一道，或改用别的编号"
            reading.errors.append(BadLine(one.line, one.question.text[:60], reason, fix))
        elif one.row is not None:
            met[one.row.pk] = one.line
    reading.errors.sort(key=lambda error: error.line)
    return lines, reading


def _compare(bank: Bank, found: Iterable[Found]) -> list[ImportLine]:
    """A question is the one of its code, or else the one of its words and choices."""
    rows = list(BankQuestion.objects.filter(bureau_id=bank.bureau_id, bank=bank))
    by_code = {row.code: row for row in rows if row.code}
    by_words = {(row.text, *row.choices): row for row in rows}
    lines = []
    for one in found:
        question = one.question
        row = by_code.get(question.code) or by_words.get((question.text, *question.choices))
        if row is None:
            lines.append(ImportLine(one.line, What.NEW, question))
            continue
        question = question if question.code else replace(question, code=row.code)
        what = What.SAME if row.value == question else What.CHANGED
        lines.append(ImportLine(one.line, what, question, row))
    return lines


@transaction.atomic
def take_question_file(bank: Bank, draft: ImportDraft, *, by: Actor) -> Sequence[ImportLine]:
    """Take a whole kept file into the bank, or nothing of it; what is there already stays as it is.

    Raises:
        Refused: the file was taken in already, or has errors now.
    """
    waiting = ImportDraft.objects.filter(bureau_id=by.bureau_id, pk=draft.pk, applied_at__isnull=True)
    if not waiting.update(applied_at=clock.now()):
        message = "这个文件已经导入过了，没有重复导入。"
        raise Refused(message)
    lines, reading = check_question_file(bank, draft)
    if reading.errors:
        message = f"文件里有 {len(reading.errors)} 处需要改正，什么也没有导入。请改好后重新上传。"
        raise Refused(message)
    last = _last(bank)
    fresh: list[BankQuestion] = []
    changed: list[BankQuestion] = []
    before = {one.row.pk: audit.snapshot(one.row) for one in lines if one.row}
    for one in lines:
        if one.what is What.NEW:
            last += 1
            fresh.append(BankQuestion(bureau_id=by.bureau_id, bank=bank, position=last))
            fresh[-1].value = one.question
        elif one.what is What.CHANGED and one.row is not None:
            one.row.value = one.question
            changed.append(one.row)
    BankQuestion.objects.bulk_create(fresh, batch_size=500)
    for row in changed:
        row.save()
    audit.record_many("study.import_question", fresh, by=by)
    audit.record_many("study.import_question", changed, by=by, before=lambda row: before[row.pk])
    return lines
