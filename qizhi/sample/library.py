"""What happens in the library of the sample bureau: a day moved and moved back, and a draft that waits."""

from __future__ import annotations

import datetime as dt

from qizhi.core.permissions import Actor
from qizhi.org.models import Bureau
from qizhi.regulations.enums import CalendarScope, Confirmation
from qizhi.regulations.models import Version
from qizhi.regulations.services import clone_version, edit_clause, edit_version, put_calendar_paper

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
