"""What resolutions must satisfy: counts that can be, ballots that fit, one person for each admission."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from qizhi.core.errors import Refused
from qizhi.core.periods import say_day
from qizhi.gatherings.enums import Threshold
from qizhi.gatherings.queries.roster import Roster
from qizhi.gatherings.services.facts import ResolutionFact

MOST_PEOPLE = 10_000
LONGEST_TITLE = 120


def check_resolutions(resolutions: Sequence[ResolutionFact], known: Sequence[ResolutionFact] = ()) -> None:
    """Refuse counts that cannot have been.

    Args:
        resolutions: as they are handed in.
        known: as they are stored; an old admission without its person does not hold up other corrections.

    Raises:
        Refused: on the input `resolutions`.
    """
    for fact in resolutions:
        _check_words(fact)
        if fact.threshold == Threshold.ADMISSION and fact.person is None and fact not in known:
            raise Refused(
                f"决议“{fact.title}”没有写明讨论对象。接收（转正）党员要逐个讨论、逐个表决，一项写一人。",
                "resolutions",
            )
        _check_numbers(fact)
        _check_ballots(fact)
        _check_places(fact)
    said = [(one.person, one.title.strip()) for one in resolutions if one.person is not None]
    twice = next((one for one in said if said.count(one) > 1), None)
    if twice is not None:
        raise Refused(f"{twice[0]}的“{twice[1]}”写了两项，请删去一项。", "resolutions")


def check_admitted(resolutions: Sequence[ResolutionFact], roster: Roster, day: dt.date) -> None:
    """Refuse to admit as probationary who is a full member of the branch on the day.

    Raises:
        Refused: on the input `resolutions`.
    """
    for fact in resolutions:
        # "接收" and "转正" are voted on by the same rule: only the words tell which it is.
        if fact.person is None or "接收" not in fact.title or "转" in fact.title:
            continue
        if roster.is_full_member(fact.person.pk, day):
            said = f"{fact.person}{say_day(day)}已经是正式党员，不能再接收为预备党员"
            raise Refused(
                f"决议“{fact.title}”：{said}。请核对讨论对象和日期；讨论预备党员转正的，请在事项里写明“转正”。",
                "resolutions",
            )


def _check_words(fact: ResolutionFact) -> None:
    if not fact.title.strip() or len(fact.title) > LONGEST_TITLE or fact.threshold not in Threshold:
        raise Refused("每项决议要写明事项，最多 120 个字。", "resolutions")
    if fact.person is not None and fact.threshold != Threshold.ADMISSION:
        raise Refused(
            f"决议“{fact.title}”不是接收（转正）党员，不用填写讨论对象；请清空，或改选表决规则。",
            "resolutions",
        )


def _check_numbers(fact: ResolutionFact) -> None:
    numbers = (fact.due, fact.present, fact.yes, fact.no, fact.abstained, fact.written_yes)
    ballots = (fact.ballots_issued or 0, fact.ballots_returned or 0)
    said = f"决议“{fact.title}”"
    if any(not 0 <= number <= MOST_PEOPLE for number in (*numbers, *ballots)):
        raise Refused(f"{said}的人数或票数不合常理，请核对。", "resolutions")
    if fact.present > fact.due:
        raise Refused(f"{said}：实到 {fact.present} 人多于应到 {fact.due} 人，请核对。", "resolutions")
    votes = fact.yes + fact.no + fact.abstained
    if votes > fact.present and fact.ballots_returned is None:
        raise Refused(
            f"{said}：赞成、反对、弃权共 {votes} 票，多于到会 {fact.present} 人，请核对。", "resolutions"
        )
    if fact.written_yes > fact.due - fact.present:
        away = fact.due - fact.present
        raise Refused(
            f"{said}：会前书面赞成 {fact.written_yes} 票，多于未到会的 {away} 人，请核对。", "resolutions"
        )


def _check_ballots(fact: ResolutionFact) -> None:
    """Ballots are counted in elections: as many as came back can be valid, more make it void, not wrong."""
    issued, returned = fact.ballots_issued, fact.ballots_returned
    said = f"决议“{fact.title}”"
    if issued is None and returned is None:
        return
    if fact.threshold != Threshold.ELECTION:
        raise Refused(f"{said}不是选举，不用填写选票张数；请清空，或改选表决规则。", "resolutions")
    if issued is None or returned is None:
        raise Refused(f"{said}：发出和收回的选票张数要一起填写。", "resolutions")
    if issued > fact.present:
        raise Refused(f"{said}：发出选票 {issued} 张，多于到会 {fact.present} 人，请核对。", "resolutions")
    votes = fact.yes + fact.no + fact.abstained
    if votes > returned:
        raise Refused(
            f"{said}：赞成、反对、弃权共 {votes} 票，多于收回的 {returned} 张选票，请核对。", "resolutions"
        )


def _check_places(fact: ResolutionFact) -> None:
    """Candidates and seats belong to elections; too few candidates are told on the page, never refused."""
    numbers = [one for one in (fact.candidates, fact.seats, fact.elected) if one is not None]
    said = f"决议“{fact.title}”"
    if not numbers:
        return
    if fact.threshold != Threshold.ELECTION:
        raise Refused(
            f"{said}不是选举，不用填写候选人、应选和当选人数；请清空，或改选表决规则。", "resolutions"
        )
    if any(not 0 <= number <= MOST_PEOPLE for number in numbers) or fact.seats == 0:
        raise Refused(f"{said}的候选人、应选或当选人数不合常理，请核对。", "resolutions")
    if fact.seats is not None and fact.elected is not None and fact.elected > fact.seats:
        raise Refused(f"{said}：当选 {fact.elected} 人多于应选 {fact.seats} 人，请核对。", "resolutions")
