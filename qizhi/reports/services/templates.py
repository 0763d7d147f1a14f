"""Keeps the text of the overview: each saving is a version, none is ever changed."""

from __future__ import annotations

import difflib
import uuid

from django.db import transaction

from qizhi.core import audit, clock
from qizhi.core.errors import Refused
from qizhi.core.once import made_before
from qizhi.core.permissions import Actor
from qizhi.core.values import dataclass
from qizhi.org.models import Bureau
from qizhi.reports.models import OverviewTemplate
from qizhi.reports.queries import TEMPLATE_NAME, default_template, next_version, saved_templates
from qizhi.reports.rules import Parsed, parse
from qizhi.reports.services.overview import catalogue


def check_text(bureau_id: uuid.UUID, title: str, body: str) -> Parsed:
    """Read a text against the figures that are published now."""
    return parse(body, catalogue(bureau_id), title)


@transaction.atomic
def save_template(
    *,
    bureau_id: uuid.UUID,
    title: str,
    body: str,
    base_version: int,
    by: Actor,
    id: uuid.UUID | None = None,  # noqa: A002 - the key the form was made with
) -> OverviewTemplate:
    """Save a text as the next version and put it in force.

    Args:
        bureau_id: whose.
        title: title of the document.
        body: text in the language of `rules.language`.
        base_version: the version that was open in the editor; 0 for the default text.
        by: who saves.
        id: key of the form, against double clicks: saving it again gives the version already saved.

    Raises:
        Refused: the text has errors, is what is in force already, or somebody else saved meanwhile.
    """
    again = made_before(OverviewTemplate, id, bureau_id)
    if again is not None:
        return again
    errors = check_text(bureau_id, title, body).errors
    if errors:
        raise Refused(
            f"没有保存：有 {len(errors)} 处写法错误。{errors[0].where}：{errors[0].message}", "body"
        )
    current = saved_templates(bureau_id).filter(is_current=True).first()
    version = current.version if current else 0
    if version != base_version:
        who = f"{current.saved_by} 保存了第 {version} 版" if current else "模板已有变化"
        raise Refused(f"没有保存：您编辑期间，{who}。请对照“版本”里的差异，合并后再保存。")
    if current and (current.title, current.body) == (title, body):
        raise Refused(f"没有保存：内容与现行的第 {version} 版完全相同。", "body")
    if current:
        before = audit.snapshot(current)
        current.is_current = False
        current.save(update_fields=["is_current"])
        audit.record("reports.retire_template", current, by=by, before=before)
    return _save(bureau_id, title, body, by, id)


def _save(bureau_id: uuid.UUID, title: str, body: str, by: Actor, key: uuid.UUID | None) -> OverviewTemplate:
    made = OverviewTemplate(
        bureau_id=bureau_id,
        name=TEMPLATE_NAME,
        version=next_version(bureau_id),
        title=title,
        body=body,
        saved_at=clock.now(),
        saved_by=by.label,
    )
    made.pk = key or made.pk
    made.save(force_insert=True)
    audit.record("reports.save_template", made, by=by)
    return made


def restore_template(*, template: OverviewTemplate, by: Actor) -> OverviewTemplate:
    """Put an old version in force again, as a new version with its text.

    Raises:
        Refused: the version is in force, or a figure that it names no longer exists.
    """
    current = saved_templates(template.bureau_id).filter(is_current=True).first()
    base = current.version if current else 0
    return save_template(
        bureau_id=template.bureau_id, title=template.title, body=template.body, base_version=base, by=by
    )


def load_default_template(bureau: Bureau, by: Actor) -> OverviewTemplate:
    """Give the bureau the default text as version 1; the version in force if there is one already."""
    current = saved_templates(bureau.pk).filter(is_current=True).first()
    if current is not None:
        return current
    text = default_template()
    return save_template(bureau_id=bureau.pk, title=text.title, body=text.body, base_version=0, by=by)


@dataclass(frozen=True)
class DifferenceLine:
    """A line of the difference: kept (" "), taken out ("-") or put in ("+")."""

    sign: str
    text: str


def difference(before: str, after: str) -> list[DifferenceLine]:
    """What changed between two texts, line by line, with two lines around each change."""
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=2)
    return [DifferenceLine(line[0], line[1:]) for line in lines if not line.startswith(("---", "+++", "@@"))]


def with_insertion(body: str, key: str, span: str, line: str) -> str:
    """The text with a figure (or `chart:name`) put in: at the end of a line, or at the very end.

    Args:
        body: the text.
        key: what to put in; a chart gets a line of its own.
        span: Chinese name of a span, or empty.
        line: number of the line as typed; the last line if it is none that exists.
    """
    lines = body.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    number = int(line) if line.isdecimal() and 1 <= int(line) <= len(lines) else len(lines)
    reference = f"[[{key}|{span}]]" if span else f"[[{key}]]"
    if key.startswith("chart:"):
        lines.insert(number, reference)
    else:
        lines[number - 1] += reference
    return "\n".join(lines)
