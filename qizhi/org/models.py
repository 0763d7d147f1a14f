"""Who belongs where, with dates: the state on any day is a query.

Days are inclusive on both ends: `to_on` is the last day on which something held.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Any, ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from qizhi.core.ids import new_id
from qizhi.core.models import Row
from qizhi.core.periods import Period, say_day
from qizhi.core.permissions import Actor
from qizhi.org.enums import Gender, LeaveKind, MemberStatus, Rank, Role, UnitKind
from qizhi.org.rules import post_name


class Bureau(Row):
    """A public body with Party branches; everything else belongs to one."""

    code = models.SlugField("代码", max_length=40, unique=True)
    name = models.CharField("全称", max_length=100)
    short_name = models.CharField("简称", max_length=40)
    mark = models.CharField(
        "发文机关标志", max_length=100, blank=True, help_text="红头文字，例如“示例局党组文件”"
    )
    doc_prefix = models.CharField("发文字号代字", max_length=20, blank=True, help_text="例如“示检党”")

    class Meta:
        """Names."""

        verbose_name = "单位"
        ordering: ClassVar = ["code"]

    @property
    def signer(self) -> str:
        """Who signs what has its red head: the body that the head names, else the bureau."""
        return self.mark.removesuffix("文件") or self.name

    def __str__(self) -> str:
        """The short name."""
        return self.short_name


class BureauRow(Row):
    """A row of one bureau; nobody of another bureau sees it.

    `years_by` is the column with the day or the year of the row in tables of what was done, asked or planned:
    by them pages know of which years there are records (`core.years`).
    """

    bureau = models.ForeignKey(Bureau, models.PROTECT, verbose_name="单位", related_name="+")

    years_by: ClassVar[str] = ""

    class Meta:
        """Shared base."""

        abstract = True


class DatedQuerySet(models.QuerySet[Any]):
    """Rows with `from_on` and `to_on`."""

    def on(self, day: dt.date) -> Self:
        """Rows that hold on the day."""
        return self.filter(Q(to_on__isnull=True) | Q(to_on__gte=day), from_on__lte=day)

    def within(self, start: dt.date, end: dt.date) -> Self:
        """Rows that hold on at least one day between the two."""
        return self.filter(Q(to_on__isnull=True) | Q(to_on__gte=start), from_on__lte=end)


class DatedRow(BureauRow):
    """A row that holds from one day to another, both included."""

    from_on = models.DateField("起始日期")
    to_on = models.DateField("截止日期", null=True, blank=True, help_text="空白表示至今")

    objects = DatedQuerySet.as_manager()

    class Meta:
        """Shared base; ends never precede starts."""

        abstract = True
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(to_on__isnull=True) | Q(to_on__gte=F("from_on")),
                name="%(app_label)s_%(class)s_days",
            )
        ]

    def holds(self, day: dt.date) -> bool:
        """Whether it holds on the day."""
        return self.from_on <= day and (self.to_on is None or day <= self.to_on)

    def overlaps(self, other: DatedRow) -> bool:
        """Whether both hold on one of the days."""
        ends_before = self.to_on is not None and self.to_on < other.from_on
        begins_after = other.to_on is not None and other.to_on < self.from_on
        return not ends_before and not begins_after


class Unit(DatedRow):
    """A node of the tree: bureau, department, Party group, centre group, committee, branch or group."""

    kind = models.CharField("类别", max_length=20, choices=UnitKind)
    code = models.SlugField("代码", max_length=20)
    name = models.CharField("名称", max_length=80)
    short_name = models.CharField("简称", max_length=40, blank=True)
    parent = models.ForeignKey(
        "self", models.PROTECT, verbose_name="上级", related_name="children", null=True, blank=True
    )
    path = models.CharField("路径", max_length=200, editable=False)
    successor = models.ForeignKey(
        "self", models.PROTECT, verbose_name="并入", related_name="predecessors", null=True, blank=True
    )
    position = models.PositiveSmallIntegerField("排序", default=0)

    class Meta(DatedRow.Meta):
        """Codes are unique in a bureau."""

        verbose_name = "组织"
        ordering: ClassVar = ["position", "code"]
        constraints: ClassVar = [
            *DatedRow.Meta.constraints,
            models.UniqueConstraint(fields=["bureau", "code"], name="org_unit_code"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["bureau", "kind", "from_on"], name="org_unit_kind"),
            models.Index(fields=["bureau", "path"], name="org_unit_path"),
        ]

    def __str__(self) -> str:
        """The name people use."""
        return self.short_name or self.name

    @property
    def full_label(self) -> str:
        """The name people use, a group with its branch before it: most branches have a first group."""
        return f"{self.parent}{self}" if self.kind == UnitKind.GROUP and self.parent else str(self)

    def why_ended(self, period: Period) -> str:
        """Why nothing is asked of it in a period, in Chinese: 本期内并入…; empty where it lasted to its end.

        Asks for the successor, which lists read with the unit.
        """
        if self.to_on is None or self.to_on >= period.end:
            return ""
        what = f"并入{self.successor}" if self.successor else "撤销"
        return f"{'已' if self.to_on < period.start else '本期内'}{what}（{say_day(self.to_on)}止）"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("org:unit", args=[self.pk])


class Person(BureauRow):
    """A member of staff or of the Party: the least that the work needs."""

    staff_no = models.CharField("工号", max_length=20)
    name = models.CharField("姓名", max_length=40)
    gender = models.CharField("性别", max_length=10, choices=Gender, blank=True)
    birth_year = models.PositiveSmallIntegerField("出生年份", null=True, blank=True)
    began_work_on = models.DateField(
        "参加工作日期", null=True, blank=True, help_text="工作年限自这一天起算；中断过的填折算后的起算日"
    )
    entered_on = models.DateField("到岗日期", null=True, blank=True)
    left_on = models.DateField("离岗日期", null=True, blank=True)

    class Meta:
        """Staff numbers tell two people of one name apart."""

        verbose_name = "人员"
        ordering: ClassVar = ["staff_no"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["bureau", "staff_no"], name="org_person_staff_no")
        ]
        indexes: ClassVar = [models.Index(fields=["bureau", "name"], name="org_person_name")]

    def __str__(self) -> str:
        """The name."""
        return self.name

    def get_absolute_url(self) -> str:
        """Their page."""
        return reverse("org:person", args=[self.pk])

    @staticmethod
    def asked(words: str, to: str = "person") -> Q:
        """Filter for rows of people, in a column `to`: by staff number, name or both: 张三(0012)."""
        both = re.fullmatch(r"(.*?)[（(](.+?)[)）]", words.strip())
        name, number = (both[1].strip(), both[2].strip()) if both else (words.strip(), words.strip())
        named, numbered = Q(**{f"{to}__name__icontains": name}), Q(**{f"{to}__staff_no": number})
        return named & numbered if both else Q(named | numbered, **{f"{to}__isnull": False})


class RankTenure(DatedRow):
    """A rank held for a time."""

    person = models.ForeignKey(Person, models.CASCADE, verbose_name="人员", related_name="ranks")
    rank = models.CharField("职级", max_length=20, choices=Rank)

    class Meta(DatedRow.Meta):
        """One rank a day (trigger)."""

        verbose_name = "职级"
        ordering: ClassVar = ["from_on"]
        indexes: ClassVar = [models.Index(fields=["bureau", "person", "from_on"], name="org_rank_person")]

    def __str__(self) -> str:
        """The rank."""
        return self.get_rank_display()


class Placement(DatedRow):
    """The department somebody works in for a time."""

    person = models.ForeignKey(Person, models.CASCADE, verbose_name="人员", related_name="placements")
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="处室", related_name="placements")

    class Meta(DatedRow.Meta):
        """One department a day (trigger)."""

        verbose_name = "任职处室"
        ordering: ClassVar = ["from_on"]
        indexes: ClassVar = [
            models.Index(fields=["bureau", "unit", "from_on"], name="org_placement_unit"),
            models.Index(fields=["bureau", "person", "from_on"], name="org_placement_person"),
        ]

    def __str__(self) -> str:
        """The department."""
        return str(self.unit)


class Post(DatedRow):
    """A post held in a unit for a time; permissions come from posts."""

    person = models.ForeignKey(Person, models.CASCADE, verbose_name="人员", related_name="posts")
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="组织", related_name="posts")
    role = models.CharField("职务类别", max_length=30, choices=Role)
    title = models.CharField("职务名称", max_length=40, blank=True)

    class Meta(DatedRow.Meta):
        """The same post is not held twice on a day (trigger)."""

        verbose_name = "职务"
        ordering: ClassVar = ["from_on"]
        indexes: ClassVar = [
            models.Index(fields=["bureau", "unit", "role", "from_on"], name="org_post_unit"),
            models.Index(fields=["bureau", "person", "from_on"], name="org_post_person"),
        ]

    def __str__(self) -> str:
        """Title in unit."""
        return self.title or self.get_role_display()

    @property
    def full_label(self) -> str:
        """The post with its unit, nothing said twice."""
        return post_name(str(self.unit), str(self))


class Membership(DatedRow):
    """Membership of a branch (and a group in it) with a standing; each change starts a new row."""

    person = models.ForeignKey(Person, models.CASCADE, verbose_name="党员", related_name="memberships")
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="党支部", related_name="memberships")
    group = models.ForeignKey(
        Unit, models.PROTECT, verbose_name="党小组", related_name="group_memberships", null=True, blank=True
    )
    status = models.CharField("党员类别", max_length=20, choices=MemberStatus, default=MemberStatus.FULL)

    class Meta(DatedRow.Meta):
        """One branch a day (trigger)."""

        verbose_name = "组织关系"
        ordering: ClassVar = ["from_on"]
        indexes: ClassVar = [
            models.Index(fields=["bureau", "unit", "from_on"], name="org_member_unit"),
            models.Index(fields=["bureau", "person", "from_on"], name="org_member_person"),
        ]

    def __str__(self) -> str:
        """Who, where."""
        return f"{self.person}（{self.unit}）"


class TemporaryBranch(DatedRow):
    """That a branch is a temporary one for a time: it admits, punishes and elects nobody."""

    aspect = "temporary"
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="党支部", related_name="temporaries")
    purpose = models.CharField("设立缘由", max_length=80, blank=True, help_text="例如 援建工作队、集中培训班")

    class Meta(DatedRow.Meta):
        """Once a day (trigger)."""

        verbose_name = "临时党支部"
        ordering: ClassVar = ["from_on"]
        indexes: ClassVar = [models.Index(fields=["bureau", "unit"], name="org_temporary_unit")]

    def __str__(self) -> str:
        """What for."""
        return self.purpose or "临时党支部"

    @property
    def label(self) -> str:
        """What is said of the branch."""
        return f"临时党支部（{self.purpose}）" if self.purpose else "临时党支部"


class JointUnit(DatedRow):
    """A department that a branch covers for a time; one that covers several is a joint branch."""

    aspect = "joint-unit"
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="党支部", related_name="joint_units")
    covered = models.ForeignKey(Unit, models.PROTECT, verbose_name="覆盖单位", related_name="covered_by")

    class Meta(DatedRow.Meta):
        """Each unit once a day (trigger)."""

        verbose_name = "覆盖单位"
        ordering: ClassVar = ["from_on"]
        indexes: ClassVar = [
            models.Index(fields=["bureau", "unit"], name="org_joint_unit"),
            models.Index(fields=["bureau", "covered"], name="org_joint_covered"),
        ]

    def __str__(self) -> str:
        """Which one."""
        return str(self.covered)

    @property
    def label(self) -> str:
        """What is said of the branch."""
        return f"覆盖{self.covered}"


class Leave(DatedRow):
    """Approved absence; the ground on which a roll excuses somebody by itself.

    It stands here and not in `conduct`, since gatherings below `conduct` must read it.
    """

    person = models.ForeignKey(Person, models.CASCADE, verbose_name="人员", related_name="leaves")
    kind = models.CharField("事由", max_length=20, choices=LeaveKind)
    note = models.CharField("说明", max_length=100, blank=True)

    years_by: ClassVar = "from_on"

    class Meta(DatedRow.Meta):
        """Found by person and day."""

        verbose_name = "批准的请假"
        ordering: ClassVar = ["from_on"]
        indexes: ClassVar = [models.Index(fields=["bureau", "person", "from_on"], name="org_leave_person")]

    def __str__(self) -> str:
        """Kind and days."""
        return self.get_kind_display()


class AccountManager(BaseUserManager["Account"]):
    """Makes accounts for Django's own commands."""

    def create_user(self, username: str, password: str | None = None, **values: Any) -> Account:
        """An account with a hashed password (none: it cannot log in)."""
        account = self.model(username=username, **values)
        account.set_password(password)
        account.save(using=self._db)
        return account


class Account(AbstractBaseUser):
    """A log-in; what it may do comes from the posts its person holds today."""

    id = models.UUIDField("编号", primary_key=True, default=new_id, editable=False)
    username = models.CharField("用户名", max_length=60, unique=True)
    bureau = models.ForeignKey(
        Bureau, models.PROTECT, verbose_name="单位", null=True, blank=True, related_name="+"
    )
    person = models.ForeignKey(
        Person, models.SET_NULL, verbose_name="人员", null=True, blank=True, related_name="accounts"
    )
    is_active = models.BooleanField("启用", default=True)
    # Django would note each log-in; whoever counts log-ins must find nothing to count (rule FB-05).
    last_login = None

    objects = AccountManager()
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        """Names."""

        verbose_name = "账号"
        constraints: ClassVar = [
            # Who has two log-ins could be the two people whom a rule asks for.
            models.UniqueConstraint(
                fields=["bureau", "person"],
                condition=Q(is_active=True, person__isnull=False),
                name="org_account_one_a_person",
            )
        ]

    def __str__(self) -> str:
        """The user name."""
        return self.username

    def is_of(self, actor: Actor) -> bool:
        """Whether it is the actor's, or another one of the same person."""
        is_same = actor.person_id is not None and self.person_id == actor.person_id
        return self.pk == actor.account_id or is_same


class Arrival(models.Model):
    """That a bureau comes in as a whole, from an archive or as a copy: rows come as they stood.

    It is written before the bureau is there, and only then (trigger), and taken away when all has come in;
    meanwhile rows of that bureau need not have gone their ways here. Nobody else ever sees one.
    """

    bureau = models.OneToOneField(
        Bureau, models.PROTECT, verbose_name="单位", primary_key=True, related_name="+", db_constraint=False
    )

    class Meta:
        """Names."""

        verbose_name = "单位迁入"

    def __str__(self) -> str:
        """Which bureau."""
        return str(self.bureau_id)
