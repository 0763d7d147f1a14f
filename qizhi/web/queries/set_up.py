"""The first steps of a new copy: the bureau, its units, people, Party members, accounts."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import field

from django.db.models import Count, Q
from django.urls import reverse

from qizhi.core import clock
from qizhi.core.permissions import Actor
from qizhi.core.values import dataclass
from qizhi.org.enums import UnitKind
from qizhi.org.models import Account, Bureau, Membership, Person, Post, Unit
from qizhi.org.permissions import MANAGE_MEMBERS, MANAGE_PEOPLE, MANAGE_UNITS
from qizhi.org.queries.belonging import belonging_of

SHOWN = 30
_BY_TABLE = {
    "org.units": "people",
    "org.people": "members",
    "org.memberships": "accounts",
    "org.posts": "accounts",
}


@dataclass(frozen=True)
class Link:
    """A way to do a step."""

    label: str
    address: str
    is_file: bool = False


@dataclass(frozen=True)
class Step:
    """One step: what it is for, how far it is, and the ways to do it, the best first.

    Attributes:
        following: key of the next step; empty for the last.
        posts: those who hold a post and have no account, where the step is about accounts.
    """

    key: str
    label: str
    lead: str
    said: str
    is_done: bool
    links: Sequence[Link]
    following: str = ""
    posts: Sequence[Post] = field(default=())

    @property
    def address(self) -> str:
        """Its page."""
        return address_of(self.key)


def address_of(key: str) -> str:
    """The page of a step."""
    return f"{reverse('web:set_up')}?step={key}"


def step_after(table: str) -> str:
    """Where to go on after a table was imported."""
    return address_of(_BY_TABLE[table]) if table in _BY_TABLE else reverse("web:set_up")


def is_set_up(actor: Actor) -> bool:
    """Whether a branch has a Party member, without whom nothing works; the queries of `belonging_of`."""
    return bool(belonging_of(actor.bureau_id).members)


def steps_for(actor: Actor) -> list[Step]:
    """The steps that the actor may take, in order; six queries."""
    wanted = {
        "bureau": (MANAGE_UNITS, _bureau),
        "units": (MANAGE_UNITS, _units),
        "people": (MANAGE_PEOPLE, _people),
        "members": (MANAGE_MEMBERS, _members),
        "accounts": (MANAGE_PEOPLE, _accounts),
    }
    keys = [key for key, (permission, _) in wanted.items() if actor.may(permission)]
    pairs = zip(keys, [*keys[1:], ""], strict=True)
    return [wanted[key][1](actor.bureau_id, following) for key, following in pairs]


def _table(key: str, *, label: str) -> list[Link]:
    there = {"key": key}
    return [
        Link(label, f"{reverse('web:upload', kwargs=there)}?then=set-up"),
        Link("下载模板", reverse("web:template", kwargs=there), is_file=True),
    ]


def _bureau(bureau_id: uuid.UUID, following: str) -> Step:
    bureau = Bureau.objects.get(pk=bureau_id)
    prefix = f"代字“{bureau.doc_prefix}”" if bureau.doc_prefix else "还没有发文字号代字"
    return Step(
        "bureau",
        "单位信息",
        "红头和发文字号代字填一次，以后综述出文、通报、底稿都取这里的。",
        f"{bureau.name}，{prefix}",
        bool(bureau.doc_prefix),
        [Link("填写单位信息", reverse("org:bureau"))],
        following,
    )


def _units(bureau_id: uuid.UUID, following: str) -> Step:
    numbers: dict[str, int] = (
        Unit.objects.on(clock.today())
        .filter(bureau_id=bureau_id)
        .aggregate(
            departments=Count("id", filter=Q(kind=UnitKind.DEPARTMENT)),
            branches=Count("id", filter=Q(kind=UnitKind.BRANCH)),
            groups=Count("id", filter=Q(kind=UnitKind.GROUP)),
        )
    )
    return Step(
        "units",
        "组织",
        "处室、党支部、党小组的名单：名称、上级、成立日期。人员和活动的表格要写它们的名称，所以放在前面。"
        "局党组、中心组和机关党委已经建好。",
        "已有 {departments} 个处室、{branches} 个党支部、{groups} 个党小组".format(**numbers),
        numbers["branches"] > 0,
        [*_table("org.units", label="上传或粘贴名单"), Link("逐个新建", reverse("org:unit_new"))],
        following,
    )


def _people(bureau_id: uuid.UUID, following: str) -> Step:
    number = Person.objects.filter(bureau_id=bureau_id).count()
    return Step(
        "people",
        "人员",
        "在职人员花名册：工号、姓名、处室，有职级的一并带上。",
        f"已登记 {number} 人",
        number > 1,
        [*_table("org.people", label="上传或粘贴花名册"), Link("逐人登记", reverse("org:person_new"))],
        following,
    )


def _members(bureau_id: uuid.UUID, following: str) -> Step:
    number = Membership.objects.on(clock.today()).filter(bureau_id=bureau_id).count()
    return Step(
        "members",
        "党员",
        "谁在哪个党支部、哪个党小组，是正式还是预备。应到会的名册由此而来。",
        f"已登记 {number} 名党员的组织关系",
        number > 0,
        _table("org.memberships", label="上传或粘贴党员名册"),
        following,
    )


def _accounts(bureau_id: uuid.UUID, following: str) -> Step:
    accounts = Account.objects.filter(bureau_id=bureau_id, is_active=True).count()
    held = Post.objects.on(clock.today()).filter(bureau_id=bureau_id, person__accounts=None)
    posts = list(held.select_related("person", "unit").order_by("unit__path", "person__staff_no")[:SHOWN])
    return Step(
        "accounts",
        "职务与账号",
        "登录后能办什么，由职务决定：先导入支部书记、委员、政工和人事干部的职务（也可以在人员页“登记变动：任职”），再在下面“开通”账号。"
        "普通党员不需要登录。",
        f"已开通 {accounts} 个账号"
        + (
            f"，另有 {len(posts)}{' 多' if len(posts) == SHOWN else ''} 个任职的人还没有账号" if posts else ""
        ),
        accounts > 1,
        [
            *_table("org.posts", label="上传或粘贴职务名单"),
            Link("打开人员名单", reverse("org:people")),
        ],
        following,
        posts,
    )
