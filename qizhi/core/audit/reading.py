"""The log of changes in the words of people: what was done, which fields, old and new, who and when.

An app names what this cannot know in its `enums`: `LOG_VERBS`, the words for a verb of the log (a key that
ends in `_` stands for all verbs that begin with it; `{}` is the kind of row), and `LOG_NAMES`, the names of
values that are no columns of a row.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from importlib import import_module
from itertools import takewhile
from typing import Any, NamedTuple

from django.apps import apps
from django.db import models
from django.utils.dateparse import parse_datetime

from qizhi.core import clock, periods
from qizhi.core.ids import read_key
from qizhi.core.models import AuditEvent
from qizhi.core.patterns import late
from qizhi.core.values import dataclass

MOST = 50
LONGEST, AROUND = 80, 12
NOTHING: tuple[Any, ...] = (None, "", [], {})
STEPS = {
    **dict.fromkeys(("add", "create", "record", "register", "open", "make"), "登记"),
    **dict.fromkeys(("change", "correct", "edit", "save", "set"), "更正"),
    **dict.fromkeys(("remove", "delete", "discard"), "删除"),
    **dict.fromkeys(("withdraw", "cancel"), "撤销"),
    **dict.fromkeys(("end", "retire"), "截止"),
    **dict.fromkeys(("reopen",), "重新打开"),
    **dict.fromkeys(("decide",), "作出决定"),
    **dict.fromkeys(("restore",), "恢复"),
    **dict.fromkeys(("close",), "结束"),
    **dict.fromkeys(("import",), "从表格导入"),
    **dict.fromkeys(("publish", "issue"), "发布"),
    **dict.fromkeys(("link",), "关联"),
    **dict.fromkeys(("unlink",), "取消关联"),
    **dict.fromkeys(("answer",), "答复"),
    **dict.fromkeys(("extend",), "延期"),
    **dict.fromkeys(("review",), "复核"),
    **dict.fromkeys(("revoke",), "作废"),
    **dict.fromkeys(("draw",), "抽取"),
    **dict.fromkeys(("start",), "开始"),
    **dict.fromkeys(("finish", "settle"), "登记完成"),
    **dict.fromkeys(("build", "copy"), "建立"),
}
"""What the first word of a verb says."""
REASONS = ("because", "withdrawn_because", "closed_because", "ended_because", "删除原因")
HIDDEN = {"id", "bureau_id", "path", "position", "recorded_at", "recorded_by", "withdrawn_at"}
HAN = late("[\u4e00-\u9fff]")
Rows = dict[str, str]


class Change(NamedTuple):
    """A field with its value before and after, as people read them.

    "—" is a field without a value; empty is the side of a row that was not there yet, or is no more.
    """

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Told:
    """One event in words.

    Attributes:
        at: when.
        by: who.
        what: what was done, in a word or two.
        because: the reason that was given; empty if none.
        changes: the fields that changed; of a row that is shown with another, also those it began with.
    """

    at: dt.datetime
    by: str
    what: str
    because: str
    changes: list[Change]


def tell(row: models.Model, others: Iterable[models.Model] = (), *, most: int = MOST) -> list[Told]:
    """What happened to a row, newest first; one query, and one for each table that the values name.

    Args:
        row: the row that a page shows.
        others: rows that are shown with it, such as its dated parts.
        most: how many events at most.
    """
    # That something belongs to the row of the page goes without saying: it has no name.
    known = {str(one.pk): name_of(one) for one in others} | {str(row.pk): ""}
    found = AuditEvent.objects.filter(bureau_id=getattr(row, "bureau_id", row.pk), object_id__in=known)
    events = list(found.order_by("-at", "-id")[:most])
    # What its own row began with the page shows, or the change that came after does.
    begun = [event for event in events if event.object_id == row.pk and _is_new(event)]
    names = known | _names([event for event in events if event not in begun], known)
    return [_told(event, row, names) for event in events]


def _told(event: AuditEvent, row: models.Model, names: Rows) -> Told:
    is_own, is_new = event.object_id == row.pk, _is_new(event)
    because = next((str(event.after[key]) for key in REASONS if event.after.get(key)), "")
    changes = [] if is_own and is_new else _changes(event, names)
    kind = _kind(event, is_own=is_own)
    return Told(event.at, event.by_label, say_verb(event.verb, kind, is_new=is_new), because, changes)


def _kind(event: AuditEvent, *, is_own: bool) -> str:
    """Of which kind of row the verb speaks, where it is not the one that the page shows."""
    if not is_own:
        return str(_model(event)._meta.verbose_name)
    app, _, words = event.verb.partition(".")
    named = apps.all_models[app].get(words.partition("_")[2].replace("_", ""))
    return str(named._meta.verbose_name) if named and named._meta.label_lower != event.model else ""


def _is_new(event: AuditEvent) -> bool:
    return not event.before and "id" in event.after


def _changes(event: AuditEvent, names: Rows) -> list[Change]:
    model = _model(event)
    told = []
    for key in _in_order(_shown({**event.before, **event.after}), model):
        field = _field(model, key)
        label = _label(model, key, field)
        if not label or _goes_without_saying(event, key, field, names):
            continue
        if isinstance(event.after.get(key), dict):
            told.append(Change(label, "", "有改动"))  # its parts have no names for people
            continue
        before, after = (_say(values.get(key), field, names) for values in (event.before, event.after))
        if before or after:
            sides = before or _nothing(event.before), after or _nothing(event.after)
            told.append(Change(label, *differing(*sides)))
    return told


def _goes_without_saying(event: AuditEvent, key: str, field: Any, names: Rows) -> bool:
    """Whether a column is nothing for people, or points at the row of the page itself."""
    if field is None:
        return False
    return field.attname in HIDDEN or (field.is_relation and "" in _keys(event, key, names))


def _nothing(side: Mapping[str, Any]) -> str:
    return "—" if side else ""


def _shown(values: Mapping[str, Any]) -> list[str]:
    """Reasons are told apart; where a key and a name are both there, people read the name."""
    apart = {*HIDDEN, *REASONS, *(f"{key}_id" for key in values)}
    return [key for key in values if key not in apart]


def _in_order(keys: Iterable[str], model: type[models.Model]) -> list[str]:
    """As the columns stand, then what is none: PostgreSQL does not keep the order of the event."""
    places = {field.attname: number for number, field in enumerate(model._meta.concrete_fields)}
    return sorted(keys, key=lambda key: (places.get(key, places.get(f"{key}_id", len(places))), key))


def _keys(event: AuditEvent, key: str, names: Rows) -> Collection[str]:
    return {names.get(str(values.get(key)), str(values.get(key))) for values in (event.before, event.after)}


def _label(model: type[models.Model], key: str, field: Any) -> str:
    """The name of a value; empty where it has none: no code is shown to people."""
    if field is not None:
        return str(field.verbose_name)
    return key if HAN.search(key) else _words_of(model._meta.app_label, "LOG_NAMES").get(key, "")


def _field(model: type[models.Model], key: str) -> Any:
    """The column that a value belongs to: of the row, or, as `extension_until`, of a row that hangs on it."""
    found = {column.attname: column for column in model._meta.concrete_fields}.get(key)
    kind, _, rest = key.partition("_")
    of_app = apps.all_models[model._meta.app_label]
    if found is None and rest and kind in of_app:
        return {column.attname: column for column in of_app[kind]._meta.concrete_fields}.get(rest)
    return found


def _model(event: AuditEvent) -> type[models.Model]:
    return apps.get_model(event.model)


def _say(value: Any, field: Any, names: Rows) -> str:
    if isinstance(value, list):
        return "；".join(filter(None, (_say(one, field, names) for one in value)))
    if isinstance(value, bool):
        return "是" if value else "否"
    if value in NOTHING or isinstance(value, dict):
        return "已填写" if value else ""
    if field is None:
        return "" if _key(value) else str(value)
    return _say_of(str(value), value, field, names)


def _say_of(text: str, value: Any, field: Any, names: Rows) -> str:
    if field.is_relation:
        return names.get(text, "（已删除）")
    if choices := dict(field.flatchoices):
        return str(choices.get(value, text))
    if isinstance(field, models.UUIDField):
        return ""
    try:
        return _say_plain(text, field)
    except (ValueError, InvalidOperation):
        return text


def _say_plain(text: str, field: Any) -> str:
    if isinstance(field, models.DateTimeField):
        at = parse_datetime(text)
        local = at.astimezone(clock.ZONE) if at else None
        return f"{periods.say_day(local.date())} {local:%H:%M}" if local else text
    if isinstance(field, models.DateField):
        day = dt.date.fromisoformat(text)
        return f"{day.year}年{day.month}月" if field.attname == "month" else periods.say_day(day)
    return f"{Decimal(text).normalize():f}" if isinstance(field, models.DecimalField) else text


def differing(before: str, after: str) -> tuple[str, str]:
    """Two values; of long ones the part in which they differ, with a few characters around it."""
    if max(len(before), len(after)) <= LONGEST:
        return before, after
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(before, after, strict=False)))
    start = max(0, same - AROUND)
    return _cut(before, start), _cut(after, start)


def _cut(text: str, start: int) -> str:
    shown = text[start : start + LONGEST]
    return f"{'…' if start and shown else ''}{shown}{'…' if len(text) > start + LONGEST else ''}"


def say_verb(verb: str, kind: str = "", *, is_new: bool = False) -> str:
    """A verb of the log in words.

    Args:
        verb: the key, such as `tasks.change_plan`.
        kind: of which kind of row, where it is not the one that the page shows.
        is_new: whether the row came into being.
    """
    is_made = is_new and verb.partition(".")[2].partition("_")[0] in {"save", "set"}
    said = words_for(verb) or ("登记{}" if is_new else "更正{}")
    return ("登记{}" if is_made and said.startswith("更正") else said).format(kind)


def words_for(verb: str) -> str | None:
    """The words of a verb with the place of its kind; None where nobody has any."""
    app, _, words = verb.partition(".")
    own = _words_of(app, "LOG_VERBS")
    step = words.partition("_")[0]
    found = own.get(verb) or own.get(f"{app}.{step}_")
    return found or (f"{STEPS[step]}{{}}" if step in STEPS else None)


@lru_cache
def _words_of(app: str, name: str) -> Mapping[str, str]:
    """What an app says of its log; nothing where there is no such app or no such words."""
    try:
        enums = import_module(f"{apps.get_app_config(app).name}.enums")
    except (LookupError, ModuleNotFoundError):
        return {}
    return getattr(enums, name, {})


def _names(events: Iterable[AuditEvent], known: Rows) -> Rows:
    """The names of the rows that the events point at; one query for each table."""
    wanted: dict[type[models.Model], set[uuid.UUID]] = {}
    for event in events:
        model = _model(event)
        for key in _shown({**event.before, **event.after}):
            column = _field(model, key)
            if column is not None and column.is_relation and column.attname not in HIDDEN:
                sides = {event.before.get(key), event.after.get(key)} - known.keys()
                wanted.setdefault(_target(column), set()).update(filter(None, map(_key, sides)))
    return {str(row.pk): name_of(row) for model, keys in wanted.items() for row in _rows(model, keys)}


def _rows(model: type[models.Model], keys: Collection[uuid.UUID]) -> Iterable[models.Model]:
    rows = model._base_manager.filter(pk__in=keys)
    joined = getattr(model, "named_with", ())
    return rows.select_related(*joined) if joined else rows


def _target(column: Any) -> type[models.Model]:
    found: type[models.Model] = column.related_model
    return found


def name_of(row: models.Model) -> str:
    """How a row is called where another one names it: `said`, if it has one."""
    return str(getattr(row, "said", None) or row)


def _key(value: object) -> uuid.UUID | None:
    return read_key(value) if isinstance(value, str) else None
