"""That reports of personal matters were handed in, and that papers were checked; never what they say."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Iterable, Sequence

from django.db import transaction

from qizhi.conduct.enums import CheckKind, CheckReason, CheckResult, ReportKind
from qizhi.conduct.models import MatterReport, PaperCheck
from qizhi.conduct.queries.matters import Round, round_of, terms_on
from qizhi.conduct.rules.registers import change_due, draw, share_words
from qizhi.core import audit, clock, periods
from qizhi.core.errors import Refused
from qizhi.core.once import made_before
from qizhi.core.permissions import Actor
from qizhi.core.values import dataclass
from qizhi.org.models import Person


@dataclass(frozen=True)
class HandedIn:
    """What `hand_in_reports` has done: rows that are new, people of whom it was known already."""

    made: list[MatterReport]
    known: list[Person]


@transaction.atomic
def hand_in_reports(
    *, year: int, people: Sequence[Person], handed_in_on: dt.date, received_by_label: str, by: Actor
) -> HandedIn:
    """Note that people handed in the report of a year; who is noted already stays as noted.

    Raises:
        Refused: no rule says who owes one, the day cannot be, or somebody owes none.
    """
    found = round_of(by.bureau_id, year, clock.today())
    check_day(found, handed_in_on)
    lines = {line.person.pk: line for line in found.lines}
    for person in people:
        if person.pk not in lines:
            raise Refused(not_owing(person, found), "people")
    if not people:
        raise Refused("还没有选人。请勾选名单，或把姓名、工号贴进来。", "people")
    unique = list({person.pk: person for person in people}.values())
    made = [
        MatterReport(
            bureau_id=by.bureau_id,
            person=person,
            kind=ReportKind.ANNUAL,
            year=year,
            due_on=found.due_on or found.rank_day,
            handed_in_on=handed_in_on,
            received_by_label=received_by_label.strip() or by.label,
        )
        for person in unique
        if lines[person.pk].report is None
    ]
    MatterReport.objects.bulk_create(made, batch_size=500)
    audit.record_many("conduct.hand_in_report", made, by=by)
    return HandedIn(made, [person for person in unique if lines[person.pk].report is not None])


def check_day(found: Round, handed_in_on: dt.date) -> None:
    """Whether a report of the round can have been handed in on the day.

    Raises:
        Refused: no rule is in force for the year, or the day lies before the round or after today.
    """
    if found.terms is None:
        message = (
            f"{found.year}年没有生效的个人有关事项报告条款，算不出谁应报。请先在制度库核对条款和施行日期。"
        )
        raise Refused(message)
    if handed_in_on > found.today:
        raise Refused("报告日期在今天之后，请核对。", "handed_in_on")
    if handed_in_on < found.rank_day:
        day = periods.say_day(found.rank_day)
        raise Refused(f"报告日期早于{day}，应报名单那天才定。请核对日期或年度。", "handed_in_on")


def not_owing(person: Person, found: Round) -> str:
    """Why somebody cannot be noted in a round."""
    day = periods.say_day(found.rank_day)
    return f"{person.name}（{person.staff_no}）在{day}的职级不在报告范围内。请核对姓名，或先更正职级记录。"


@transaction.atomic
def record_change(
    *,
    person: Person,
    happened_on: dt.date,
    handed_in_on: dt.date | None,
    by: Actor,
    id: uuid.UUID | None = None,  # noqa: A002 - the row's key
) -> MatterReport:
    """Note that something had to be reported anew, and when that was done; what it is never comes in.

    Raises:
        Refused: it lies ahead, was reported before it happened, or no rule bound on the day.
    """
    if (known := made_before(MatterReport, id, by.bureau_id)) is not None:
        return known
    terms = terms_on(by.bureau_id, happened_on)
    if terms is None:
        day = periods.say_day(happened_on)
        raise Refused(f"{day}没有生效的个人有关事项报告条款，算不出期限。请核对日期。", "happened_on")
    _check_change(happened_on, handed_in_on)
    row = MatterReport(
        bureau_id=by.bureau_id,
        person=person,
        kind=ReportKind.CHANGE,
        year=happened_on.year,
        happened_on=happened_on,
        due_on=change_due(happened_on, terms.change_days),
        handed_in_on=handed_in_on,
        received_by_label=by.label if handed_in_on else "",
    )
    row.pk = id or row.pk
    row.save(force_insert=True)
    audit.record("conduct.record_change", row, by=by)
    return row


def _check_change(happened_on: dt.date, handed_in_on: dt.date | None) -> None:
    if happened_on > clock.today():
        raise Refused("变化日期在今天之后，请核对。", "happened_on")
    if handed_in_on is not None and handed_in_on > clock.today():
        raise Refused("报告日期在今天之后，请核对。", "handed_in_on")
    if handed_in_on is not None and handed_in_on < happened_on:
        raise Refused("报告日期早于变化日期，请核对。", "handed_in_on")


@transaction.atomic
def correct_report(
    report: MatterReport, *, handed_in_on: dt.date | None, received_by_label: str, by: Actor
) -> MatterReport:
    """Correct the day on which a report came in; a change may still be waited for.

    Raises:
        Refused: the day cannot be, or a yearly report is left without one.
    """
    if report.kind == ReportKind.CHANGE:
        _check_change(report.happened_on or report.due_on, handed_in_on)
    elif handed_in_on is None:
        raise Refused("没有报的请用“撤销登记”，名单里会重新显示未报。", "handed_in_on")
    else:
        check_day(round_of(report.bureau_id, report.year, clock.today()), handed_in_on)
    before = audit.snapshot(report)
    report.handed_in_on = handed_in_on
    report.received_by_label = received_by_label.strip()
    report.save(update_fields=["handed_in_on", "received_by_label"])
    audit.record("conduct.correct_report", report, by=by, before=before)
    return report


@transaction.atomic
def remove_report(report: MatterReport, *, by: Actor) -> None:
    """Take back what was noted by mistake; the log keeps it."""
    audit.record("conduct.remove_report", report, by=by, before=audit.snapshot(report), after={})
    report.delete()


@transaction.atomic
def draw_checks(
    *, year: int, seed: str, drawn_on: dt.date, kinds: Sequence[str], by: Actor
) -> list[PaperCheck]:
    """Draw whose papers are checked in a year: the share that the clause says, rounded up.

    The draw is made at once and once a year: who could look first would look until it suits. The same seed
    sent again gives what it gave.

    Raises:
        Refused: it was drawn already, no rule says how many, nobody owes a report, or no seed is said.
    """
    seed = seed.strip()
    drawn = PaperCheck.objects.filter(bureau_id=by.bureau_id, year=year, reason=CheckReason.RANDOM)
    if (first := drawn.first()) is not None and seed_of(first.draw) == seed:
        return list(drawn)
    if first is not None:
        message = f"{year}年度已经抽取过（{first.draw}），一年只抽一次，不能重抽。请打开核查登记看名单。"
        raise Refused(message)
    if not seed:
        raise Refused("请写抽取口令：抽取前当众定下的一句话，事后凭它可以重新抽出同样的人。", "seed")
    if not kinds:
        raise Refused("请至少选一种核查。", "kinds")
    if drawn_on > clock.today():
        raise Refused("抽取日期在今天之后，请核对。", "drawn_on")
    found = round_of(by.bureau_id, year, clock.today())
    people, size = found.frame(drawn_on), found.sample(drawn_on)
    if found.terms is None or not people:
        raise Refused(f"{year}年没有应报人员，无从抽取。请核对年度、条款和职级记录。")
    words = draw_words(len(people), share_words(found.terms.check_share), size, seed)
    made = [
        _check_row(people[number], kind, CheckReason.RANDOM, drawn_on, year=year, words=words)
        for number in draw(people, size, seed)
        for kind in kinds
    ]
    PaperCheck.objects.bulk_create(made, batch_size=500)
    audit.record_many("conduct.draw_check", made, by=by)
    return made


def draw_words(number: int, share: str, size: int, seed: str) -> str:
    """How it was drawn, so that anybody can draw again."""
    return f"总体{number}人，按{share}抽{size}人（不足一人的算一人），口令“{seed}”"


def seed_of(words: str) -> str:
    """The seed that the words of a draw tell, as they are now or as they once were; empty for none."""
    told = re.search("(?:口令|种子)“(.*)”$", words)
    return told[1] if told else ""


@transaction.atomic
def propose_checks(
    *, people: Sequence[Person], drawn_on: dt.date, kinds: Sequence[str], by: Actor
) -> list[PaperCheck]:
    """Have the papers of people proposed for promotion checked (PM-05); known ones are not made twice.

    Who was drawn at random on the same day is named all the same: a promotion has to wait for a result.

    Raises:
        Refused: nobody or nothing is named, or the day lies ahead.
    """
    if not people:
        raise Refused("还没有写人。请写姓名或工号。", "names")
    if not kinds:
        raise Refused("请至少选一种核查。", "kinds")
    if drawn_on > clock.today():
        raise Refused("确定日期在今天之后，请核对。", "drawn_on")
    there = PaperCheck.objects.filter(bureau_id=by.bureau_id, reason=CheckReason.PROMOTION, drawn_on=drawn_on)
    known = set(there.values_list("person_id", "kind"))
    made = [
        _check_row(person, kind, CheckReason.PROMOTION, drawn_on, year=drawn_on.year)
        for person in {person.pk: person for person in people}.values()
        for kind in kinds
        if (person.pk, kind) not in known
    ]
    PaperCheck.objects.bulk_create(made, batch_size=500)
    audit.record_many("conduct.propose_check", made, by=by)
    return made


def _check_row(
    person: Person, kind: str, reason: str, drawn_on: dt.date, *, year: int, words: str = ""
) -> PaperCheck:
    return PaperCheck(
        bureau_id=person.bureau_id,
        person=person,
        kind=CheckKind(kind),
        reason=reason,
        year=year,
        drawn_on=drawn_on,
        draw=words,
    )


@transaction.atomic
def remove_check(check: PaperCheck, *, by: Actor) -> None:
    """Take back a check of somebody who was named by mistake; the log keeps it.

    Raises:
        Refused: it was drawn at random, or it has a result.
    """
    if check.reason == CheckReason.RANDOM:
        message = "随机抽取的不能撤销：抽出谁就核查谁。本人已离岗的，按实际情况登记结果。"
        raise Refused(message)
    if check.result:
        message = f"{check}已有结果（{check.get_result_display()}），没有撤销。结果登记错了的，请更正结果。"
        raise Refused(message)
    audit.record("conduct.remove_check", check, by=by, before=audit.snapshot(check), after={})
    check.delete()


@transaction.atomic
def finish_check(
    check: PaperCheck, *, result: str, checked_on: dt.date, approved_by: Person | None, by: Actor
) -> PaperCheck:
    """Note the code with which a check ended, and who approved it; what was found stays on paper.

    Raises:
        Refused: no code, no approver or the person concerned, or a day that cannot be.
    """
    if result not in set(CheckResult) - {CheckResult.WAITING}:
        raise Refused("请选择核查结果。", "result")
    if checked_on > clock.today() or checked_on < check.drawn_on:
        day = periods.say_day(check.drawn_on)
        raise Refused(f"核查日期应在{day}（确定核查的日期）到今天之间，请核对。", "checked_on")
    if approved_by is None:
        raise Refused("请写审批人。", "approved_by")
    if approved_by.pk == check.person_id:
        raise Refused("审批人不能是核查对象本人，请另写一位。", "approved_by")
    before = audit.snapshot(check)
    check.result, check.checked_on, check.approved_by = result, checked_on, approved_by
    check.save(update_fields=["result", "checked_on", "approved_by"])
    audit.record("conduct.finish_check", check, by=by, before=before)
    return check


def redrawn(rows: Iterable[PaperCheck], found: Round) -> bool | None:
    """Whether the people drawn are those whom the same seed draws today; None where it cannot be said."""
    kept = list(rows)
    words = kept[0].draw if kept else ""
    seed = seed_of(words)
    if not seed or found.terms is None:
        return None
    numbers = {row.person.staff_no for row in kept}
    day = kept[0].drawn_on
    return set(draw(found.frame(day), found.sample(day), seed)) == numbers
