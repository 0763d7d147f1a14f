"""A bulletin as an official document: with the bureau's red head once approved, as 草稿 before."""

from __future__ import annotations

from typing import Any

from qizhi.conduct.enums import BulletinStatus
from qizhi.conduct.models import Bulletin
from qizhi.core.documents.model import Block, Document, Heading, Kind, Paragraph, Table
from qizhi.core.documents.wording import number_headings
from qizhi.org.models import Bureau

DRAFT_NOTE = "草稿，尚未签发，不得外传"


def title_of(bulletin: Bulletin) -> str:
    """The title of page and file."""
    return "".join(_title_lines(bulletin))


def _title_lines(bulletin: Bulletin) -> tuple[str, str]:
    """The title in two lines of its meaning: alone it would leave a single sign for the second."""
    months = f"{bulletin.start.month}至{bulletin.end.month}月"
    return f"关于{bulletin.year}年{months}", "微违规行为考核情况的通报"


def document_of(bulletin: Bulletin, content: dict[str, Any], bureau: Bureau) -> Document:
    """The bulletin as a document; a draft has no red head, no number, no signature."""
    blocks = number_headings(_blocks(bulletin, content))
    if bulletin.status != BulletinStatus.APPROVED:
        return Document(
            kind=Kind.BULLETIN,
            issuer_mark="",
            title="\n".join(_title_lines(bulletin)),
            blocks=blocks,
            note=DRAFT_NOTE,
        )
    return Document(
        kind=Kind.BULLETIN,
        issuer_mark=content.get("mark") or bureau.mark or bureau.name,
        title="\n".join(_title_lines(bulletin)),
        blocks=blocks,
        doc_no=bulletin.doc_no,
        salutation="各处室、各党支部",
        signer=content.get("signer") or bureau.signer,
        signed_on=bulletin.issued_on,
    )


def _blocks(bulletin: Bulletin, content: dict[str, Any]) -> list[Block]:
    blocks: list[Block] = [Paragraph.of(one) for one in opening_of(bulletin, content)]
    blocks += [Heading(1, "总体情况"), Paragraph.of(summary_of(content))]
    if content["names"]:
        rows = [(one["name"], one["unit"], one["clause"], one["points"]) for one in content["names"]]
        blocks += [Heading(1, "具体事项"), Table(("当事人", "组织", "条款", "扣分"), tuple(rows))]
    elif content["cells"]:
        rows = [(one["unit"], one["clause"], str(one["cases"]), one["points"]) for one in content["cells"]]
        blocks.append(Heading(1, "分布情况"))
        if content.get("is_apart", True):  # what was issued before this was told has its table
            blocks.append(Table(("组织", "条款", "件数", "扣分"), tuple(rows)))
        blocks.append(Paragraph.of(content["rule"]))
    if content["corrections"]:
        blocks.append(Heading(1, "对以往通报的更正"))
        blocks += [Paragraph.of(one) for one in content["corrections"]]
    if bulletin.closing.strip():
        blocks.append(Heading(1, "工作要求"))
        blocks += [Paragraph.of(line) for line in lines_of(bulletin.closing)]
    return blocks


def opening_of(bulletin: Bulletin, content: dict[str, Any]) -> list[str]:
    """The first paragraphs: what was written, else a sentence that names the rule."""
    if bulletin.opening.strip():
        return lines_of(bulletin.opening)
    months = f"{bulletin.year}年{bulletin.start.month}至{bulletin.end.month}月"
    source = f"依据{content['source']}，" if content["source"] else ""
    return [f"{source}现将{months}微违规行为考核情况通报如下。"]


def summary_of(content: dict[str, Any]) -> str:
    """The numbers in words; only what is final."""
    checks = f"本期开展月度检查{content['inspections']}次。" if content["inspections"] else ""
    if not content["cases"]:
        head = "本期没有生效的事项。"
    else:
        head = f"本期生效事项{content['cases']}件，共扣{content['points']}分。"
    return f"{checks}{head}{''.join(content['months'])}本通报只统计已经生效的事项。"


def lines_of(text: str) -> list[str]:
    """The paragraphs of what somebody typed."""
    return [line.strip() for line in text.splitlines() if line.strip()]
