"""The kinds and templates that most bodies need, ready to be loaded and then edited."""

from __future__ import annotations

from decimal import Decimal

from django.db import transaction

from qizhi.core import audit
from qizhi.core.permissions import Actor
from qizhi.core.values import dataclass
from qizhi.gatherings.enums import Audience, Ledger
from qizhi.gatherings.models import Kind, Template
from qizhi.org.enums import UnitKind
from qizhi.org.models import Bureau

_BRANCH = (UnitKind.BRANCH,)
_GROUPS = (UnitKind.BRANCH, UnitKind.GROUP)
_CENTRE = (UnitKind.CENTRE_GROUP,)
_WIDE = (UnitKind.BUREAU, UnitKind.COMMITTEE)


@dataclass(frozen=True)
class _Kind:
    key: str
    name: str
    audience: Audience
    units: tuple[UnitKind, ...]
    ledgers: tuple[Ledger, ...]
    hours: str = "0"


STANDARD_KINDS = (
    _Kind("congress", "支部党员大会", Audience.MEMBERS, _BRANCH, (Ledger.CONGRESS,)),
    _Kind("committee", "支部委员会会议", Audience.COMMITTEE, _BRANCH, (Ledger.COMMITTEE,)),
    _Kind("group-meeting", "党小组会", Audience.GROUP, (UnitKind.GROUP,), (Ledger.GROUP,)),
    _Kind(
        "lesson",
        "党课",
        Audience.MEMBERS,
        (*_GROUPS, *_WIDE),
        (Ledger.LESSON, Ledger.TRAINING),
        "1.5",
    ),
    _Kind("micro-lesson", "微党课", Audience.MEMBERS, _GROUPS, (Ledger.LESSON, Ledger.TRAINING), "0.5"),
    _Kind("theme-day", "主题党日", Audience.MEMBERS, _GROUPS, (Ledger.THEME_DAY, Ledger.TRAINING), "2"),
    _Kind("org-life", "组织生活会", Audience.MEMBERS, _GROUPS, (Ledger.ORG_LIFE,)),
    _Kind("appraisal", "民主评议党员", Audience.MEMBERS, _BRANCH, (Ledger.APPRAISAL,)),
    _Kind(
        "centre-study",
        "中心组集中学习",
        Audience.POSTS,
        _CENTRE,
        (Ledger.CENTRE_STUDY, Ledger.TRAINING),
        "3",
    ),
    _Kind(
        "centre-discussion",
        "中心组交流研讨",
        Audience.POSTS,
        _CENTRE,
        (Ledger.CENTRE_DISCUSSION, Ledger.TRAINING),
        "2",
    ),
    _Kind("integrity", "党风廉政教育", Audience.STAFF, (), (Ledger.INTEGRITY, Ledger.TRAINING), "1"),
    _Kind("warning", "警示教育", Audience.STAFF, (), (Ledger.INTEGRITY, Ledger.TRAINING), "1"),
    _Kind("campaign", "专题教育", Audience.STAFF, (), (Ledger.CAMPAIGN, Ledger.TRAINING), "1"),
    _Kind("onsite", "现场党性教育", Audience.NONE, (), (Ledger.ONSITE, Ledger.TRAINING), "4"),
    _Kind("flag-ceremony", "升旗仪式", Audience.STAFF, (UnitKind.BUREAU,), (Ledger.CEREMONY,)),
    _Kind("volunteer", "志愿服务", Audience.NONE, (), (Ledger.VOLUNTEER,)),
    _Kind("pairing", "结对帮扶", Audience.NONE, (), (Ledger.PAIRING,)),
    _Kind("field-visit", "基层调研", Audience.NONE, (), (Ledger.FIELD_VISIT,)),
    _Kind("training", "集中培训", Audience.NONE, (), (Ledger.TRAINING,), "4"),
    _Kind("debrief", "述职评议", Audience.NONE, (), ()),
    _Kind("memorial", "瞻仰纪念活动", Audience.NONE, (), ()),
    _Kind("supervisors", "行风监督员会议", Audience.NONE, _WIDE, ()),
)
"""Those without a kind of unit suit every unit; 基层调研 and the like name who took part in their record."""


@dataclass(frozen=True)
class _Template:
    name: str
    title: str
    kinds: tuple[str, ...]
    unit_kind: UnitKind
    day_rule: str
    hours: str = "0"


STANDARD_TEMPLATES = (
    _Template(
        "新年升旗仪式", "{年}年新年升旗仪式", ("flag-ceremony",), UnitKind.BUREAU, "first_working_day_of_year"
    ),
    _Template(
        "新年第一课",
        "{年}年新年第一堂党课",
        ("lesson",),
        UnitKind.COMMITTEE,
        "first_working_day_of_year",
        "1.5",
    ),
    _Template(
        "“七一”党课",
        "{年}年“七一”专题党课",
        ("lesson",),
        UnitKind.COMMITTEE,
        "fixed_date_or_nearest_working_day:07-01",
        "1.5",
    ),
    _Template(
        "主题党日", "{月}月主题党日", ("theme-day",), UnitKind.BRANCH, "last_weekday_of_month:friday", "2"
    ),
    _Template(
        "支部委员会会议", "{月}月支部委员会会议", ("committee",), UnitKind.BRANCH, "fixed_day_of_month:10"
    ),
)


@transaction.atomic
def load_standard_kinds(bureau: Bureau, *, by: Actor) -> list[Kind]:
    """Add the standard kinds that the bureau does not have yet (by code); edited ones stay as they are.

    Returns:
        All standard kinds of the bureau, in their order.
    """
    codes = [kind.key for kind in STANDARD_KINDS]
    known = {kind.key: kind for kind in Kind.objects.filter(bureau=bureau, key__in=codes)}
    fresh = [
        Kind(
            bureau=bureau,
            key=kind.key,
            name=kind.name,
            audience=kind.audience.value,
            unit_kinds=[unit.value for unit in kind.units],
            ledgers=[ledger.value for ledger in kind.ledgers],
            default_hours=Decimal(kind.hours),
            position=number * 10,
        )
        for number, kind in enumerate(STANDARD_KINDS, start=1)
        if kind.key not in known
    ]
    Kind.objects.bulk_create(fresh)
    audit.record_many("gatherings.create_kind", fresh, by=by)
    known.update({kind.key: kind for kind in fresh})
    return [known[code] for code in codes]


@transaction.atomic
def load_standard_templates(bureau: Bureau, *, by: Actor) -> list[Template]:
    """Add the standard templates that the bureau does not have yet (by name), with the kinds they need.

    Returns:
        The templates that were added.
    """
    kinds = {kind.key: kind for kind in load_standard_kinds(bureau, by=by)}
    known = set(Template.objects.filter(bureau=bureau).values_list("name", flat=True))
    fresh = [
        (
            Template(
                bureau=bureau,
                name=row.name,
                title=row.title,
                unit_kind=row.unit_kind.value,
                day_rule=row.day_rule,
                hours=Decimal(row.hours),
            ),
            row.kinds,
        )
        for row in STANDARD_TEMPLATES
        if row.name not in known
    ]
    Template.objects.bulk_create(template for template, _ in fresh)
    for template, codes in fresh:
        template.kinds.set(kinds[code] for code in codes)
    audit.record_many("gatherings.create_template", [template for template, _ in fresh], by=by)
    return [template for template, _ in fresh]
