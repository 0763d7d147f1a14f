"""Files that somebody chose to add to a gathering; none is ever asked for."""

from __future__ import annotations

import mimetypes
from pathlib import PurePath

from django.db import transaction

from qizhi.core import audit, clock
from qizhi.core.errors import Refused
from qizhi.core.permissions import Actor
from qizhi.core.text import one_line
from qizhi.gatherings.models import Attachment, Gathering
from qizhi.gatherings.services.checks import check_reach

MEGABYTE = 1024 * 1024
LARGEST = 10 * MEGABYTE
"""Bytes of one file."""
MOST_FILES = 20
LONGEST_NAME = 120


@transaction.atomic
def add_attachment(gathering: Gathering, *, name: str, content: bytes, by: Actor) -> Attachment:
    """Add a file; one that is there under the same name with the same bytes is not added again.

    Raises:
        Refused: it is empty or too large, or there are too many.
    """
    check_reach(by, gathering.unit)
    name = _file_name(name)
    if not content:
        raise Refused(f"“{name}”是空文件，没有添加。请检查后重新选择。", "files")
    if len(content) > LARGEST:
        size = len(content) / MEGABYTE
        raise Refused(f"“{name}”有 {size:.1f} MB，超过 {LARGEST // MEGABYTE} MB。请压缩后再添加。", "files")
    same = Attachment.objects.filter(gathering=gathering, name=name, size=len(content), content=content)
    if (known := same.first()) is not None:
        return known
    if Attachment.objects.filter(gathering=gathering).count() >= MOST_FILES:
        raise Refused(f"一次活动最多 {MOST_FILES} 个附件。请先删去不需要的，或合并成一个文件。", "files")
    attachment = Attachment.objects.create(
        bureau_id=by.bureau_id,
        gathering=gathering,
        name=name,
        # By its name, never by what the browser claims; it is only ever sent as a download.
        content_type=mimetypes.guess_type(name)[0] or "application/octet-stream",
        size=len(content),
        content=content,
        added_at=clock.now(),
    )
    audit.record("gatherings.attach", gathering, by=by, before={"attachment": ""}, after={"attachment": name})
    return attachment


@transaction.atomic
def remove_attachment(attachment: Attachment, *, by: Actor) -> None:
    """Remove a file."""
    gathering = attachment.gathering
    check_reach(by, gathering.unit)
    name = attachment.name
    attachment.delete()
    audit.record("gatherings.detach", gathering, by=by, before={"attachment": name}, after={"attachment": ""})


def _file_name(text: str) -> str:
    """The last part of the name, cut to the column's length without losing its ending."""
    name = PurePath(one_line(text).replace("\\", "/")).name or "附件"
    if len(name) <= LONGEST_NAME:
        return name
    ending = PurePath(name).suffix[:10]
    return name[: LONGEST_NAME - len(ending)] + ending
