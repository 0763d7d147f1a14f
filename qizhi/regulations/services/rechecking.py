"""Whether a finding would still be found: a dry judgement of its clause over its month; writes nothing."""

from __future__ import annotations

import datetime as dt

from qizhi.core import clock
from qizhi.core.figures import Ask
from qizhi.core.periods import Period, month_of
from qizhi.core.values import dataclass
from qizhi.regulations.enums import FindingStatus
from qizhi.regulations.kinds import ParameterError
from qizhi.regulations.models import Finding, PeriodClose, Proposal
from qizhi.regulations.queries import clauses_during, exemptions_of
from qizhi.regulations.rules.runs import asked_by
from qizhi.regulations.services.comparing import Found, find
from qizhi.regulations.services.runs import BY_RUN


@dataclass(frozen=True)
class Recheck:
    """What became of the fact of a live finding since it was made.

    Attributes:
        said: Chinese: what is otherwise now; empty where all is as it was.
        step: Chinese: what is to be done first; empty where nothing is.
        month: the month to judge again.
        proposal: a proposal that waits for a person.
    """

    month: Period
    said: str = ""
    step: str = ""
    proposal: Proposal | None = None

    def __bool__(self) -> bool:
        """Whether something has to be done before anybody builds on the finding."""
        return bool(self.step)

    @property
    def words(self) -> str:
        """Both sentences."""
        return f"{self.said}{self.step}"


def recheck(finding: Finding | None, *, as_of: dt.date | None = None) -> Recheck | None:
    """Judge the finding's clause over its month as the records are now; None for one that has ended.

    As many statements as its kind needs for one month, however many findings there are, and three more.
    """
    if finding is None or finding.status != FindingStatus.LIVE:
        return None
    month = month_of(finding.end)
    waiting = Proposal.objects.filter(
        bureau_id=finding.bureau_id, finding_id=finding.pk, decided_at__isnull=True
    ).first()
    if waiting is not None:
        said = "结账以后核算建议更改或撤销这条发现，还没有人处理。"
        return Recheck(month, said, "请先处理这条变更建议。", waiting)
    found, is_judged = _now(finding, month, as_of or clock.today())
    is_same = found is not None and found.fingerprint == finding.fingerprint
    if is_same or not is_judged:
        return Recheck(month)
    said = _said(found)
    if _is_set_aside(finding, found):
        return Recheck(month, f"{said}变更建议已由人决定不予采纳，这条发现仍然有效。")
    label = f"{month.start.year}年{month.start.month}月"
    settled = PeriodClose.objects.filter(
        bureau_id=finding.bureau_id, start__lte=month.end, end__gte=month.start
    ).exists()
    more = "，处理核算提出的变更建议" if settled else ""
    return Recheck(month, said, f"请先重新核算{label}{more}，再看还有没有这条发现。")


def _said(found: Found | None) -> str:
    if found is None:
        return "按现在的记录，这条发现已经不成立：核算以后，原始记录更正或撤销过。"
    if found.excuse:
        return f"按现在的记录，这一事项已免除（{found.excuse}）。"
    return f"按现在的记录，判定已经不同：{found.sentence}"


def _now(finding: Finding, month: Period, as_of: dt.date) -> tuple[Found | None, bool]:
    """What is found in its slot now; False where a version cannot be judged by."""
    if not finding.fingerprint:  # no run has made it: there is nothing to hold it against
        return None, False
    code, _, key = asked_by(finding.slot).partition("|")
    clauses = clauses_during(finding.bureau_id, month.start, month.end).exclude(kind="")
    exemptions = exemptions_of(finding.bureau_id)
    ask = Ask(finding.bureau_id, month, as_of)
    try:
        for clause in clauses.filter(key=key, version__regulation__code=code):
            for one in find(clause, ask, exemptions):
                if one.slot == finding.slot and one.place.period.end in month:
                    return one, True
    except ParameterError:
        return None, False
    return None, True


def _is_set_aside(finding: Finding, found: Found | None) -> bool:
    """Whether a person has said no to just this change."""
    rows = Proposal.objects.filter(bureau_id=finding.bureau_id, finding_id=finding.pk, is_accepted=False)
    print_ = found.fingerprint if found and not found.excuse else ""
    return rows.filter(fingerprint=print_).exclude(decided_by_label=BY_RUN).exists()
