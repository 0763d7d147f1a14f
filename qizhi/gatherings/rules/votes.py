"""Whether a resolution passed, and the sentence that says why.

Sources:
    《中国共产党支部工作条例（试行）》第11条: half of those due are enough to meet,
    more than half of those *due* must vote yes.
    《中国共产党发展党员工作细则》第20条: more than half must come; written opinions handed
    in before the meeting count as yes.
    《中国共产党基层组织选举工作条例》: four fifths must come, more than half of those *present* elect.
"""

from __future__ import annotations

from dataclasses import dataclass

ORDINARY, ADMISSION, ELECTION = "ordinary", "admission", "election"


@dataclass(frozen=True, slots=True)
class Vote:
    """A count of people with a vote: due, present, and what they said; `written_yes` came before the day."""

    threshold: str
    due: int
    present: int
    yes: int
    no: int = 0
    abstained: int = 0
    written_yes: int = 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether enough were there, whether it passed, and why (Chinese)."""

    has_quorum: bool
    is_passed: bool
    sentence: str


def judge_vote(vote: Vote) -> Verdict:
    """Judge a vote by its threshold; nobody due can pass nothing."""
    if vote.due <= 0:
        return Verdict(
            has_quorum=False, is_passed=False, sentence="没有登记应到有表决权人数，不能判断是否通过。"
        )
    enough = _quorum(vote)
    came = f"应到有表决权 {vote.due} 人，到会 {vote.present} 人"
    rule = _QUORUM_WORDS[vote.threshold]
    if vote.present < enough:
        sentence = f"{came}，未达到{rule}（至少 {enough} 人），表决无效，请另行召集会议。"
        return Verdict(has_quorum=False, is_passed=False, sentence=sentence)
    base, base_word = (vote.present, "到会") if vote.threshold == ELECTION else (vote.due, "应到")
    counted = vote.yes + (vote.written_yes if vote.threshold == ADMISSION else 0)
    written = f"（含会前书面赞成 {vote.written_yes} 票）" if counted > vote.yes else ""
    said = f"{came}，达到{rule}；赞成 {counted} 票{written}"
    if 2 * counted > base:
        sentence = f"{said}，超过{base_word}有表决权人数的半数，通过。"
        return Verdict(has_quorum=True, is_passed=True, sentence=sentence)
    sentence = f"{said}，没有超过{base_word}有表决权人数的半数（至少 {base // 2 + 1} 票），未通过。"
    return Verdict(has_quorum=True, is_passed=False, sentence=sentence)


_QUORUM_WORDS = {ORDINARY: "半数", ADMISSION: "半数以上（须超过半数）", ELECTION: "五分之四"}


def _quorum(vote: Vote) -> int:
    """The least number that must be there: half (BR-02), more than half (AD-06), four fifths (EL-01)."""
    if vote.threshold == ADMISSION:
        return vote.due // 2 + 1
    if vote.threshold == ELECTION:
        return -(-4 * vote.due // 5)
    return -(-vote.due // 2)
