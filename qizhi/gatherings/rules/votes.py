"""Whether a resolution passed, and the sentence that says why, by the text in force on the day of the vote.

| vote | day | must be there | must say yes | source |
| --- | --- | --- | --- | --- |
| ordinary | from 2018-10-28 | half of those due | over half of those *due* | 《支部工作条例》11条 |
| admission | from 2014-05-28 | over half of those due | over half of those *due* | 《发展党员细则》20条 |
| election | before 2020-07-13 | *over* four fifths of those due | over half of those *present* | 1990 text |
| election | from 2020-07-13 | four fifths of those due | over half of those *present* | 2020 text |

These are the texts that come with the product. A bureau's own clauses of kind `vote` take their place, each
version from its first day on (`queries.texts`); their numbers are parameters: a new text needs no release.

Written opinions handed in before the meeting count as yes for admissions alone. An election in which more
ballots came back than were given out is void. Before the first day of a text its arithmetic is used and the
verdict says so: the older wording is to be confirmed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from fractions import Fraction

from qizhi.core.values import dataclass

ORDINARY, ADMISSION, ELECTION = "ordinary", "admission", "election"
HALF = Fraction(1, 2)


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
class Text:
    """What a text asks of a kind of vote from its first day on.

    Attributes:
        from_on: first day.
        quorum: share of those due who must be there.
        is_over: exactly that share is not enough.
        source: Chinese citation.
        majority: share that the yes votes must exceed.
        of_present: of those present; otherwise of those due.
        has_written: written opinions handed in before count as yes.
    """

    from_on: dt.date
    quorum: Fraction
    is_over: bool
    source: str
    majority: Fraction = HALF
    of_present: bool = False
    has_written: bool = False

    def least(self, due: int) -> int:
        """The fewest who must be there."""
        product = self.quorum * due
        if self.is_over:
            return product.numerator // product.denominator + 1
        return -(-product.numerator // product.denominator)

    def least_yes(self, base: int) -> int:
        """The fewest yes votes that pass."""
        product = self.majority * base
        return product.numerator // product.denominator + 1

    def came(self, *, is_enough: bool) -> str:
        """How a sentence says whether as many came as the text asks, in its own measure."""
        verb = "超过" if self.is_over else "达到"
        without = "没有" if self.is_over else "未"
        return f"{'' if is_enough else without}{verb}{name_of(self.quorum)}"


Texts = Mapping[str, Sequence[Text]]
"""By kind of vote, the oldest text first."""
_NUMBERS = "零一二三四五六七八九十"


def name_of(share: Fraction) -> str:
    """A share as people say it: 半数, 五分之四, 全部."""
    if share == HALF:
        return "半数"
    if share == 1:
        return "全部"
    if share.denominator < len(_NUMBERS):
        return f"{_NUMBERS[share.denominator]}分之{_NUMBERS[share.numerator]}"
    return f"{share.numerator}/{share.denominator}"


TEXTS: Texts = {
    ORDINARY: (
        Text(dt.date(2018, 10, 28), HALF, is_over=False, source="《中国共产党支部工作条例（试行）》第11条"),
    ),
    ADMISSION: (
        Text(
            dt.date(2014, 5, 28),
            HALF,
            is_over=True,
            source="《中国共产党发展党员工作细则》第20条",
            has_written=True,
        ),
    ),
    ELECTION: (
        Text(
            dt.date(1990, 6, 27),
            Fraction(4, 5),
            is_over=True,
            source="《中国共产党基层组织选举工作暂行条例》",
            of_present=True,
        ),
        Text(
            dt.date(2020, 7, 13),
            Fraction(4, 5),
            is_over=False,
            source="《中国共产党基层组织选举工作条例》",
            of_present=True,
        ),
    ),
}
"""The texts that come with the product (BR-02, BR-03, AD-06, AD-07, EL-01, EL-02)."""


def judge_vote(vote: Vote, day: dt.date, texts: Texts = TEXTS) -> Verdict:
    """Judge a vote by the text in force on the day; nobody due can pass nothing."""
    text, basis = text_on(vote.threshold, day, texts)
    if vote.due <= 0:
        sentence = "没有登记应到有表决权人数，不能判断是否通过。"
        return Verdict(has_quorum=False, is_passed=False, sentence=sentence, basis=basis, is_known=False)
    enough = text.least(vote.due)
    came = f"应到有表决权 {vote.due} 人，到会 {vote.present} 人"
    if vote.present < enough:
        sentence = f"{came}，{text.came(is_enough=False)}（至少 {enough} 人），表决无效，请另行召集会议。"
        return Verdict(has_quorum=False, is_passed=False, sentence=sentence, basis=basis, is_void=True)
    said = f"{came}，{text.came(is_enough=True)}；"
    if vote.has_too_many_ballots:
        sentence = (
            f"{said}发出选票 {vote.issued} 张，收回 {vote.returned} 张，收回多于发出，选举无效，请重新投票。"
        )
        return Verdict(has_quorum=True, is_passed=False, sentence=sentence, basis=basis, is_void=True)
    is_passed, outcome = _counted(vote, text)
    ballots = "" if vote.issued is None else f"发出选票 {vote.issued} 张，收回 {vote.returned} 张；"
    return Verdict(has_quorum=True, is_passed=is_passed, sentence=f"{said}{ballots}{outcome}", basis=basis)


def _counted(vote: Vote, text: Text) -> tuple[bool, str]:
    """Whether the yes votes are enough, and the words for it."""
    base, base_word = (vote.present, "到会") if text.of_present else (vote.due, "应到")
    counted = vote.yes + (vote.written_yes if text.has_written else 0)
    written = f"（含会前书面赞成 {vote.written_yes} 票）" if counted > vote.yes else ""
    said, share, least = f"赞成 {counted} 票{written}", name_of(text.majority), text.least_yes(base)
    if counted >= least:
        return True, f"{said}，超过{base_word}有表决权人数的{share}，通过。"
    return False, f"{said}，没有超过{base_word}有表决权人数的{share}（至少 {least} 票），未通过。"


@dataclass(frozen=True, slots=True)
class Need:
    """What a vote needs: the fewest people there, the fewest yes votes (None: it follows from who comes)."""

    present: int
    yes: int | None
    basis: str


def needed(threshold: str, due: int, day: dt.date, texts: Texts = TEXTS) -> Need:
    """What a vote on the day needs of a number of people due; with nobody due nothing is enough."""
    text, basis = text_on(threshold, day, texts)
    least_yes = None if text.of_present else text.least_yes(due)
    return Need(present=text.least(due), yes=least_yes, basis=basis)


def judge_within(vote: Vote, first: dt.date, last: dt.date, texts: Texts = TEXTS) -> Verdict:
    """Judge a vote of which only a span of days is known; unknown where the days would answer differently."""
    early, late = judge_vote(vote, first, texts), judge_vote(vote, last, texts)
    if (early.is_void, early.is_passed) == (late.is_void, late.is_passed):
        return early
    changed = next(text for text in texts[vote.threshold] if first < text.from_on <= last)
    day = f"{changed.from_on.year}年{changed.from_on.month}月{changed.from_on.day}日"
    return Verdict(
        has_quorum=early.has_quorum,
        is_passed=False,
        sentence=f"只知月份，而{day}起规定有变，前后结论不同，不能判断；请更正为具体日期。",
        basis=f"{early.basis}；{late.basis}",
        is_known=False,
    )


def text_on(threshold: str, day: dt.date, texts: Texts = TEXTS) -> tuple[Text, str]:
    """The text in force on the day with its name; the oldest, said to be later, before any was."""
    own = texts[threshold]
    found = next((text for text in reversed(own) if text.from_on <= day), None)
    if found is not None:
        return found, found.source
    oldest = own[0]
    start = f"{oldest.from_on.year}年{oldest.from_on.month}月{oldest.from_on.day}日"
    return oldest, f"{oldest.source}（{start}起施行；此前的规定待确认，按同样的算法计算）"
