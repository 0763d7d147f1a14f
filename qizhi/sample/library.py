"""What happens in the library of the sample bureau: a day moved and moved back, branches excused, a draft."""

from __future__ import annotations

import datetime as dt

from qizhi.core import periods
from qizhi.core.permissions import Actor
from qizhi.org.models import Bureau, Unit
from qizhi.regulations.enums import CalendarScope, Confirmation
from qizhi.regulations.models import Clause, Version
from qizhi.regulations.services import (
    ExemptionValues,
    clone_version,
    edit_clause,
    edit_version,
    excuse_branch,
    put_calendar_paper,
)

PAPERS = (
    (
        dt.date(2018, 1, 10),
        "关于业务系统切换期间上班安排的通知",
        "示检办〔2018〕3号",
        "系统切换：5月5日上班。5月7日放假。",
    ),
    (
        dt.date(2018, 3, 20),
        "关于取消业务系统切换期间上班调整的通知",
        "示检办〔2018〕11号",
        "系统切换：5月5日放假。5月7日上班。",
    ),
)
EXCUSED = (
    ("z08", dt.date(2024, 9, 26), periods.quarter_of(dt.date(2024, 10, 1)), "全员参加业务系统迁移值守"),
    ("z15", dt.date(2025, 9, 29), periods.quarter_of(dt.date(2025, 10, 1)), "年末促销季全员在现场查验"),
)
"""Branches excused from integrity education: when the organ committee approved it, for which days, why."""
INTEGRITY = "ZS-07"
DRAFTED_ON = dt.date(2018, 1, 12)


def tell(bureau: Bureau, until: dt.date, by: Actor) -> None:
    """Write what had come by the last day."""
    for published_on, title, doc_no, notice in PAPERS:
        if published_on <= until:
            values = {
                "scope": CalendarScope.UNIT,
                "year": published_on.year,
                "title": title,
                "doc_no": doc_no,
                "published_on": published_on,
                "notice": notice,
                "confirmation": Confirmation.DESCRIBED,
            }
            put_calendar_paper(values=values, by=by)
    for code, approved_on, days, reason in EXCUSED:
        if approved_on <= until:
            clause = Clause.objects.get(
                bureau=bureau, key=INTEGRITY, version__in=Version.objects.published().filter(bureau=bureau)
            )
            said = ExemptionValues(days.start, days.end, f"{reason}，次月补课", "机关党委会议", approved_on)
            unit = Unit.objects.get(bureau=bureau, code=code)
            excuse_branch(unit=unit, clause=clause, values=said, by=by)
    if until >= DRAFTED_ON:
        _draft(bureau, by)


def _draft(bureau: Bureau, by: Actor) -> None:
    """The plan of audit visits, revised and not yet published."""
    current = Version.objects.published().get(bureau=bureau, regulation__code="contact-audit")
    draft = clone_version(version=current, label="2018年修订稿", effective_from=dt.date(2018, 7, 1), by=by)
    for clause in draft.clauses.all()[:1]:
        edit_clause(clause=clause, values={"text": f"{clause.text}旁听后当场点评。"}, by=by)
    text = (
        "机关党委委员联系党支部，每季度至少旁听一次组织生活并当场点评；旁听记在支部的活动记录上，不另填表。"
    )
    edit_version(version=draft, values={"text": text}, by=by)
