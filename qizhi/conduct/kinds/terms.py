"""The kind of clause `correction_term`: requests for correction are answered in so many working days."""

from __future__ import annotations

from collections.abc import Iterable

from qizhi.conduct.enums import CorrectionStatus
from qizhi.conduct.models import Correction
from qizhi.conduct.queries.rights import CORRECTION_TERM
from qizhi.core.figures import Ask
from qizhi.publishing.kinds import AnswerFact, AnswerWithin
from qizhi.regulations.kinds import register
from qizhi.regulations.queries import calendar_for


@register
class CorrectionTerm(AnswerWithin):
    """更正申请在 N 个工作日内答复: counted from the day after it was asked."""

    key = CORRECTION_TERM
    label = "更正申请答复期限"
    what = "correction"
    came = "提出的"
    shown_on = (("更正申请", "conduct:corrections"),)

    def asked(self, ask: Ask) -> Iterable[AnswerFact]:
        """Requests with the day of their answer; neither by whom nor of what."""
        days = ask.days
        if days is None or ask.unit_ids is not None:
            return
        calendar = calendar_for(ask.bureau_id)
        rows = Correction.objects.filter(bureau_id=ask.bureau_id, asked_on__range=(days.start, days.end))
        for row in rows.order_by("asked_on", "pk"):
            is_open = row.status == CorrectionStatus.WAITING or (row.answered_on or days.end) > ask.as_of
            answered = None if is_open else row.answered_on
            yield AnswerFact(str(row.pk), "更正申请", row.asked_on, answered, ask.as_of, calendar)
