"""Issues the overview: number, signature, day; what was sent is kept for good."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
import uuid

from django.db import IntegrityError, transaction

from qizhi.core import audit, clock
from qizhi.core.documents.files import docx_of, pdf_of
from qizhi.core.documents.wording import is_document_number
from qizhi.core.errors import Refused
from qizhi.core.once import made_before
from qizhi.core.permissions import Actor
from qizhi.org.models import Bureau
from qizhi.reports.models import IssuedOverview, OverviewTemplate
from qizhi.reports.queries import TemplateText
from qizhi.reports.services.files import Letterhead, content_of, document_of, figure_of
from qizhi.reports.services.overview import Overview, generate
from qizhi.reports.services.templates import load_default_template

_NUMBER = re.compile(r"(?P<prefix>.+)〔(?P<year>\d{4})〕(?P<serial>[1-9]\d*)号")


def next_doc_no(bureau: Bureau, day: dt.date) -> str:
    """The next free document number of the year; empty where the bureau has no prefix."""
    if not bureau.doc_prefix:
        return ""
    start = f"{bureau.doc_prefix}〔{day.year}〕"
    used = IssuedOverview.objects.filter(bureau_id=bureau.pk, doc_no__startswith=start)
    found = (_NUMBER.fullmatch(number) for number in used.values_list("doc_no", flat=True))
    return f"{start}{max((int(one['serial']) for one in found if one), default=0) + 1}号"


def fingerprint(overview: Overview) -> str:
    """A digest of everything that would be printed: tells whether numbers moved since somebody looked."""
    words = [overview.title, overview.template.body, [figure_of(one) for one in overview.all_numbers]]
    return hashlib.sha256(json.dumps(words, ensure_ascii=False).encode()).hexdigest()


def issue_overview(
    *,
    bureau: Bureau,
    year: int,
    as_of: dt.date,
    head: Letterhead,
    seen: str,
    by: Actor,
    id: uuid.UUID | None = None,  # noqa: A002 - the key the form was made with
) -> IssuedOverview:
    """Issue the overview of a year as it can be said on a day.

    Args:
        bureau: whose.
        year: report year.
        as_of: day of reckoning.
        head: mark, number, signature and day.
        seen: fingerprint of the overview that the person looked at.
        by: who issues.
        id: key of the form, against double clicks.

    Raises:
        Refused: the document number is not valid or taken; the text holds errors or typed numbers;
            nothing is left to print; or numbers moved since the person looked.
    """
    again = made_before(IssuedOverview, id, bureau.pk)
    if again is not None:
        return again
    _check_number(bureau, head)
    template = load_default_template(bureau, by)
    overview = generate(bureau, as_of, year, template=TemplateText.of(template))
    _check_text(overview)
    if seen != fingerprint(overview):
        raise Refused(
            "没有出文：您查看之后，记录或模板有了变化，数字已经不同。请重新核对下面的正文，再出文。"
        )
    return _keep(overview, template, head, by, id)


def _check_number(bureau: Bureau, head: Letterhead) -> None:
    if not is_document_number(head.doc_no):
        raise Refused("发文字号的写法不对。应为“代字〔四位年份〕序号号”，例如“示检党〔2018〕3号”。", "doc_no")
    found = _NUMBER.fullmatch(head.doc_no)
    if found is None or int(found["year"]) != head.issued_on.year:
        raise Refused("发文字号的年份与成文日期的年份不一致。请改其中一个。", "doc_no")
    if IssuedOverview.objects.filter(bureau_id=bureau.pk, doc_no=head.doc_no).exists():
        raise Refused(f"“{head.doc_no}”已经用过。请换下一个序号。", "doc_no")


def _check_text(overview: Overview) -> None:
    if overview.errors:
        first = overview.errors[0]
        raise Refused(f"没有出文：模板有写法错误。{first.where}：{first.message}请先在模板里改好。")
    if overview.typed:
        places = "；".join(f"{one.where}“{one.text}”" for one in overview.typed[:5])
        raise Refused(
            f"没有出文：正文里有 {len(overview.typed)} 处手工写的数字（{places}），背后没有记录。"
            "请在模板里换成指标；若是专有名称，请加引号“”或书名号《》。"
        )
    if not overview.numbers:
        raise Refused("没有出文：这一年度没有可以列入的数字。请先登记活动，或换一个报告年度、核算日。")


def _keep(
    overview: Overview, template: OverviewTemplate, head: Letterhead, by: Actor, key: uuid.UUID | None
) -> IssuedOverview:
    now, name = clock.now(), overview.bureau.name
    document = document_of(overview, head)
    docx, pdf = docx_of(document, now, name), pdf_of(document, now, name)
    issued = IssuedOverview(
        bureau=overview.bureau,
        title=overview.title,
        doc_no=head.doc_no,
        mark=head.mark,
        signer=head.signer,
        issued_on=head.issued_on,
        year=overview.reckoning.year,
        as_of=overview.reckoning.as_of,
        template=template,
        content=content_of(overview),
        docx=docx,
        pdf=pdf,
        docx_sha256=hashlib.sha256(docx).hexdigest(),
        pdf_sha256=hashlib.sha256(pdf).hexdigest(),
        issued_at=now,
        issued_by=by.label,
    )
    issued.pk = key or issued.pk
    try:
        with transaction.atomic():
            issued.save(force_insert=True)
            audit.record("reports.issue_overview", issued, by=by, after=_logged(issued))
    except IntegrityError as error:
        raise Refused(f"“{head.doc_no}”刚刚被用掉了。请换下一个序号。", "doc_no") from error
    return issued


def _logged(issued: IssuedOverview) -> dict[str, object]:
    """What the log keeps: not the text, which the row itself holds for good."""
    return {
        "doc_no": issued.doc_no,
        "title": issued.title,
        "year": issued.year,
        "as_of": issued.as_of.isoformat(),
        "issued_on": issued.issued_on.isoformat(),
        "template_id": str(issued.template_id),
        "docx_sha256": issued.docx_sha256,
        "pdf_sha256": issued.pdf_sha256,
    }
