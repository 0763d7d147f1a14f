"""What happened to a person or a unit, in words: the log of the row itself and of its dated rows."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models

from qizhi.core.models import AuditEvent
from qizhi.org.models import BureauRow, Unit

MOST = 30
VERBS = {
    "org.add_person": "登记人员",
    "org.correct_person": "更正基本信息",
    "org.appoint": "任职",
    "org.place": "调入处室",
    "org.set_rank": "职级变动",
    "org.set_membership": "组织关系变动",
    "org.import_membership": "导入组织关系",
    "org.record_leave": "登记请假",
    "org.create_account": "开通账号",
    "org.start_bureau": "首次启动",
    "org.change_bureau": "更正单位信息",
    "org.export_bureau": "全库导出",
    "org.import_bureau": "从归档恢复",
    "org.change_password": "本人改密码",
    "org.reset_password": "重设密码",
    "org.disable_account": "停用账号",
    "org.enable_account": "启用账号",
    "org.create_unit": "建立",
    "org.rename_unit": "更正",
    "org.close_unit": "撤销或并入",
    "org.reopen_unit": "恢复",
    "org.move_unit": "改换上级",
}
_STEPS = {"end": "{}截止", "correct": "更正{}", "remove": "删除{}", "close": "组织撤销，{}截止"}
_STEPS |= {"move": "组织并入，{}转入", "reopen": "组织恢复，{}接续"}
_HIDDEN = {"id", "bureau_id", "person_id", "path", "position"}


@dataclass(frozen=True)
class HistoryLine:
    """One change as people read it."""

    at: dt.datetime
    by_label: str
    what: str
    before: dict[str, str]
    after: dict[str, str]


def history_of(row: BureauRow, others: Iterable[models.Model] = ()) -> list[HistoryLine]:
    """The latest changes to a row, and to others that are shown with it; two queries.

    Args:
        row: a person or a unit.
        others: dated rows that stand on its page.
    """
    keys = [row.pk, *(one.pk for one in others)]
    events = list(
        AuditEvent.objects.filter(bureau_id=row.bureau_id, object_id__in=keys).order_by("-at", "-id")[:MOST]
    )
    said = [value for event in events for value in [*event.before.values(), *event.after.values()]]
    named = {value for value in said if isinstance(value, str)}
    units = Unit.objects.filter(bureau_id=row.bureau_id, pk__in=[*filter(None, map(_key, named))])
    names = {str(unit.pk): str(unit) for unit in units} if named else {}
    return [
        HistoryLine(
            event.at,
            event.by_label,
            _what(event),
            _words(event, event.before, names),
            _words(event, event.after, names),
        )
        for event in events
    ]


def _key(value: object) -> uuid.UUID | None:
    try:
        return uuid.UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _what(event: AuditEvent) -> str:
    if event.verb in VERBS:
        return VERBS[event.verb]
    step, _, name = event.verb.partition(".")[2].partition("_")
    if step in _STEPS and name in apps.all_models["org"]:
        return _STEPS[step].format(apps.get_model("org", name)._meta.verbose_name)
    return event.object_label


def _words(event: AuditEvent, values: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, str]:
    fields = {field.attname: field for field in apps.get_model(event.model)._meta.concrete_fields}
    said = {}
    for key, value in values.items():
        if key in _HIDDEN or isinstance(value, dict) or (value in {None, ""} and not event.before):
            continue  # what a new row leaves empty says nothing; an archive is counted table by table
        field = fields.get(key)
        choices = dict(field.flatchoices) if field is not None else {}
        word = {None: "—", "": "—", True: "是", False: "否"}.get(value, names.get(str(value), value))
        said[str(field.verbose_name) if field is not None else key] = str(choices.get(value, word))
    return said
