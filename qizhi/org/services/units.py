"""Units: founding and correcting; and the first start of a bureau."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import transaction
from django.db.models import Max

from qizhi.core import audit
from qizhi.core.errors import Refused
from qizhi.core.once import made_before
from qizhi.core.periods import say_day
from qizhi.core.permissions import Actor, system
from qizhi.core.values import dataclass
from qizhi.org.enums import PREFIXES, Role, UnitKind
from qizhi.org.models import Account, Bureau, Membership, Person, Placement, Post, Unit
from qizhi.org.rules import free_code
from qizhi.org.services.tree import check_hanging, check_place, hang


@dataclass(frozen=True)
class FirstStart:
    """What the first-run page asks for."""

    name: str
    short_name: str
    doc_prefix: str
    founded_on: dt.date
    officer_name: str
    staff_no: str
    username: str
    password: str


@transaction.atomic
def start_bureau(first: FirstStart) -> Account:
    """Make the bureau, its root unit, organ committee and Party group, and the first officer's account.

    Raises:
        Refused: when a bureau exists already, since this page needs no log-in.
    """
    if Bureau.objects.exists():
        message = "系统已经初始化过了。请直接登录；需要新账号请找政工处。"
        raise Refused(message)
    bureau = Bureau.objects.create(
        code="main",
        name=first.name,
        short_name=first.short_name,
        mark=f"{first.name}党组文件",
        doc_prefix=first.doc_prefix,
    )
    by = system(bureau.pk, "首次启动")
    audit.record("org.start_bureau", bureau, by=by)
    root = create_unit(
        bureau_id=bureau.pk,
        kind=UnitKind.BUREAU,
        code="bureau",
        name=first.name,
        from_on=first.founded_on,
        by=by,
    )
    for kind, code, name in (
        (UnitKind.PARTY_GROUP, "party-group", "局党组"),
        (UnitKind.CENTRE_GROUP, "centre-group", "党组理论学习中心组"),
        (UnitKind.COMMITTEE, "committee", "机关党委"),
    ):
        create_unit(
            bureau_id=bureau.pk, kind=kind, code=code, name=name, from_on=first.founded_on, parent=root, by=by
        )
    officer = Person.objects.create(bureau=bureau, staff_no=first.staff_no, name=first.officer_name)
    audit.record("org.add_person", officer, by=by)
    post = Post.objects.create(
        bureau=bureau, person=officer, unit=root, role=Role.AFFAIRS_OFFICER, from_on=first.founded_on
    )
    audit.record("org.appoint", post, by=by)
    account = Account.objects.create_user(first.username, first.password, bureau=bureau, person=officer)
    audit.record("org.create_account", officer, by=by, after={"username": account.username})
    return account


@transaction.atomic
def create_unit(
    *,
    bureau_id: uuid.UUID,
    kind: str,
    code: str,
    name: str,
    from_on: dt.date,
    by: Actor,
    short_name: str = "",
    parent: Unit | None = None,
    id: uuid.UUID | None = None,  # noqa: A002 - the row's key
) -> Unit:
    """Found a unit; asking again with the same id returns the one that is there.

    Without a code it gets the next free one.

    Raises:
        Refused: when the code is taken, or the parent does not exist on the day.
    """
    if (known := made_before(Unit, id, bureau_id)) is not None:
        return known
    code = _code(bureau_id, kind, code, parent)
    check_place(kind, parent)
    if parent is not None and (from_on < parent.from_on or (parent.to_on and from_on > parent.to_on)):
        message = f"上级组织“{parent}”在{say_day(from_on)}不存在，请核对成立日期或上级。"
        raise Refused(message, "from_on")
    unit = Unit(
        bureau_id=bureau_id,
        kind=kind,
        code=code,
        name=name,
        short_name=short_name,
        parent=parent,
        path=f"{parent.path if parent else ''}{code}/",
        from_on=from_on,
        position=_position(bureau_id, kind),
    )
    if id is not None:
        unit.pk = id
    unit.save(force_insert=True)
    audit.record("org.create_unit", unit, by=by)
    return unit


def _position(bureau_id: uuid.UUID, kind: str) -> int:
    """The place after the others of its kind; 0 where these have none and stand by their codes."""
    last: int = (
        Unit.objects.filter(bureau_id=bureau_id, kind=kind).aggregate(last=Max("position"))["last"] or 0
    )
    return last + 1 if last else 0


def _code(bureau_id: uuid.UUID, kind: str, given: str, parent: Unit | None) -> str:
    """The code that was given if no unit has it; where none was, the next free one."""
    taken = {one.lower() for one in Unit.objects.filter(bureau_id=bureau_id).values_list("code", flat=True)}
    if not given:
        below = parent.code if parent is not None and kind == UnitKind.GROUP else ""
        return free_code(PREFIXES[kind], taken, below=below)
    if given.lower() in taken:
        message = f"代码“{given}”已被另一个组织使用，请换一个。"
        raise Refused(message, "code")
    return given


@dataclass(frozen=True)
class BureauWords:
    """What a bureau is called, and what stands at the head of its papers."""

    name: str
    short_name: str
    mark: str
    doc_prefix: str


@transaction.atomic
def change_bureau(bureau: Bureau, *, words: BureauWords, from_on: dt.date, by: Actor) -> Bureau:
    """Correct the bureau and its root unit, which bears its name; what was issued keeps its own head.

    Units that began with the record begin with it again when it is moved back.

    Raises:
        Refused: a unit was founded before the day from which the bureau is on record.
    """
    before = audit.snapshot(bureau)
    root = Unit.objects.filter(bureau_id=bureau.pk, kind=UnitKind.BUREAU, parent=None).first()
    if root is not None:
        short_name = words.short_name if root.short_name == bureau.short_name else root.short_name
        first = root.from_on
        rename_unit(root, name=words.name, short_name=short_name, from_on=from_on, by=by)
        if from_on < first:
            _move_back(bureau, first, from_on, by)
    bureau.name, bureau.short_name = words.name, words.short_name
    bureau.mark, bureau.doc_prefix = words.mark, words.doc_prefix
    bureau.save()
    audit.record("org.change_bureau", bureau, by=by, before=before)
    return bureau


@transaction.atomic
def rename_unit(
    unit: Unit, *, name: str, short_name: str, from_on: dt.date, by: Actor, parent: Unit | None = None
) -> Unit:
    """Correct the name, the founding day or (if one is given) the unit above.

    Raises:
        Refused: on that day the unit above does not exist, a part of this one does already, or somebody is
            in it already; or the unit cannot hang there.
    """
    if parent is not None and parent.pk != unit.parent_id:
        check_hanging(unit, parent)
        hang(unit, parent, by=by)
    before = audit.snapshot(unit)
    if unit.to_on and from_on > unit.to_on:
        message = "成立日期晚于撤销日期，请核对。"
        raise Refused(message, "from_on")
    if from_on != unit.from_on:
        _check_founding(unit, from_on)
    unit.name, unit.short_name, unit.from_on = name, short_name, from_on
    unit.save()
    audit.record("org.rename_unit", unit, by=by, before=before)
    return unit


def _move_back(bureau: Bureau, first: dt.date, from_on: dt.date, by: Actor) -> None:
    """Found earlier what was founded on the first day, from the top down."""
    began = Unit.objects.filter(bureau_id=bureau.pk, from_on=first).order_by("path")
    for key in list(began.values_list("pk", flat=True)):
        unit = Unit.objects.select_related("parent").get(pk=key)  # anew: what is above has just moved
        rename_unit(unit, name=unit.name, short_name=unit.short_name, from_on=from_on, by=by)


def _check_founding(unit: Unit, from_on: dt.date) -> None:
    above = unit.parent
    if above is not None and from_on < above.from_on:
        raise Refused(f"上级组织“{above}”在{say_day(above.from_on)}才成立，请核对成立日期。", "from_on")
    parts = Unit.objects.filter(bureau_id=unit.bureau_id, parent=unit, from_on__lt=from_on)
    if (first := parts.order_by("from_on").first()) is not None:
        raise Refused(
            f"下级组织“{first}”在{say_day(first.from_on)}已经成立，早于这一天。请先更正下级组织的成立日期。",
            "from_on",
        )
    if from_on < unit.from_on:
        return
    for model in (Membership, Placement, Post):
        rows = model.objects.filter(bureau_id=unit.bureau_id, unit=unit, from_on__lt=from_on)
        row = rows.select_related("person").order_by("from_on").first()
        if row is not None:
            raise Refused(
                f"{row.person}的{row._meta.verbose_name}自{say_day(row.from_on)}起就在“{unit}”，早于这一天。"
                "请核对成立日期，或先在人员页更正那条记录。",
                "from_on",
            )
