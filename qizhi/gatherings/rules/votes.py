"""Whether a resolution passed, and the sentence that says why, by the text in force on the day of the vote.

| vote | day | must be there | must say yes | source |
| --- | --- | --- | --- | --- |
| ordinary | from 2018-10-28 | half of those due | over half of those *due* | 《支部工作条例》11条 |
| admission | from 2014-05-28 | over half of those due | over half of those *due* | 《发展党员细则》20条 |
| election | before 2020-07-13 | *over* four fifths of those due | over half of those *present* | 1990 text |
| election | from 2020-07-13 | four fifths of those due | over half of those *present* | 2020 text |

Written opinions handed in before the meeting count as yes for admissions alone. An election in which more
ballots came back than were given out is void. Before the first day of a text its arithmetic is used and the
verdict says so: the older wording is to be confirmed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

ORDINARY, ADMISSION, ELECTION = "ordinary", "admission", "election"


@dataclass(frozen=True, slots=True)
class Vote:
    """A count of people with a vote: due, present, and what they said; `written_yes` came before the day.

    `issued` and `returned` are the ballots of an election; None where nobody counted them.
    """

    threshold: str
    due: int
    present: int
    yes: int
    no: int = 0
    abstained: int = 0
    written_yes: int = 0
    issued: int | None = None
    returned: int | None = None

    @property
    def has_too_many_ballots(self) -> bool:
        """Whether more ballots came back than were given out."""
        return self.issued is not None and self.returned is not None and self.returned > self.issued


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether enough were there, whether it passed, why (Chinese), and by which text.

    `is_void`: the vote itself does not stand. `is_known`: what is stored is enough to say so.
    """

    has_quorum: bool
    is_passed: bool
    sentence: str
    basis: str = ""
    is_void: bool = False
    is_known: bool = True


@dataclass(frozen=True, slots=True)
class _Text:
    """What a text asks from its first day on: the least number there, and how a sentence names it."""

    from_on: dt.date
    least: Callable[[int], int]
    words: str
    source: str


def _half(due: int) -> int:
    return -(-due // 2)


def _over_half(due: int) -> int:
    return due // 2 + 1


def _four_fifths(due: int) -> int:
    return -(-4 * due // 5)


def _over_four_fifths(due: int) -> int:
    return 4 * due // 5 + 1


TEXTS: dict[str, tuple[_Text, ...]] = {
    ORDINARY: (_Text(dt.date(2018, 10, 28), _half, "半数", "《中国共产党支部工作条例（试行）》第11条"),),
    ADMISSION: (
        _Text(
            dt.date(2014, 5, 28), _over_half, "半数以上（须超过半数）", "《中国共产党发展党员工作细则》第20条"
        ),
    ),
    ELECTION: (
        _Text(
            dt.date(1990, 6, 27),
            _over_four_fifths,
            "五分之四以上（须超过五分之四）",
            "《中国共产党基层组织选举工作暂行条例》",
        ),
        _Text(dt.date(2020, 7, 13), _four_fifths, "五分之四", "《中国共产党基层组织选举工作条例》"),
    ),
}
"""By kind of vote, the oldest text first (BR-02, AD-06, EL-01)."""


def judge_vote(vote: Vote, day: dt.date) -> Verdict:
    """Judge a vote by the text in force on the day; nobody due can pass nothing."""
    text, basis = _text_on(vote.threshold, day)
    if vote.due <= 0:
        sentence = "没有登记应到有表决权人数，不能判断是否通过。"
        return Verdict(has_quorum=False, is_passed=False, sentence=sentence, basis=basis, is_known=False)
    enough = text.least(vote.due)
    came = f"应到有表决权 {vote.due} 人，到会 {vote.present} 人"
    if vote.present < enough:
        sentence = f"{came}，未达到{text.words}（至少 {enough} 人），表决无效，请另行召集会议。"
        return Verdict(has_quorum=False, is_passed=False, sentence=sentence, basis=basis, is_void=True)
    said = f"{came}，达到{text.words}；"
    if vote.has_too_many_ballots:
        sentence = (
            f"{said}发出选票 {vote.issued} 张，收回 {vote.returned} 张，收回多于发出，选举无效，请重新投票。"
        )
        return Verdict(has_quorum=True, is_passed=False, sentence=sentence, basis=basis, is_void=True)
    is_passed, outcome = _counted(vote)
    ballots = "" if vote.issued is None else f"发出选票 {vote.issued} 张，收回 {vote.returned} 张；"
    return Verdict(has_quorum=True, is_passed=is_passed, sentence=f"{said}{ballots}{outcome}", basis=basis)


def _counted(vote: Vote) -> tuple[bool, str]:
    """Whether the yes votes are enough, and the words for it."""
    base, base_word = (vote.present, "到会") if vote.threshold == ELECTION else (vote.due, "应到")
    counted = vote.yes + (vote.written_yes if vote.threshold == ADMISSION else 0)
    written = f"（含会前书面赞成 {vote.written_yes} 票）" if counted > vote.yes else ""
    said = f"赞成 {counted} 票{written}"
    if 2 * counted > base:
        return True, f"{said}，超过{base_word}有表决权人数的半数，通过。"
    return False, f"{said}，没有超过{base_word}有表决权人数的半数（至少 {base // 2 + 1} 票），未通过。"


@dataclass(frozen=True, slots=True)
class Need:
    """What a vote needs: the fewest people there, the fewest yes votes (None: it follows from who comes)."""

    present: int
    yes: int | None
    basis: str


def needed(threshold: str, due: int, day: dt.date) -> Need:
    """What a vote on the day needs of a number of people due; with nobody due nothing is enough."""
    text, basis = _text_on(threshold, day)
    least_yes = None if threshold == ELECTION else _over_half(due)
    return Need(present=text.least(due), yes=least_yes, basis=basis)


def judge_within(vote: Vote, first: dt.date, last: dt.date) -> Verdict:
    """Judge a vote of which only a span of days is known; unknown where the days would answer differently."""
    early, late = judge_vote(vote, first), judge_vote(vote, last)
    if (early.is_void, early.is_passed) == (late.is_void, late.is_passed):
        return early
    changed = next(text for text in TEXTS[vote.threshold] if first < text.from_on <= last)
    day = f"{changed.from_on.year}年{changed.from_on.month}月{changed.from_on.day}日"
    return Verdict(
        has_quorum=early.has_quorum,
        is_passed=False,
        sentence=f"只知月份，而{day}起规定有变，前后结论不同，不能判断；请更正为具体日期。",
        basis=f"{early.basis}；{late.basis}",
        is_known=False,
    )


def _text_on(threshold: str, day: dt.date) -> tuple[_Text, str]:
    """The text in force on the day with its name; the oldest, said to be later, before any was."""
    texts = TEXTS[threshold]
    found = next((text for text in reversed(texts) if text.from_on <= day), None)
    if found is not None:
        return found, found.source
    oldest = texts[0]
    start = f"{oldest.from_on.year}年{oldest.from_on.month}月{oldest.from_on.day}日"
    return oldest, f"{oldest.source}（{start}起施行；此前的规定待确认，按同样的算法计算）"
