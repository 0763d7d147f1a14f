"""Closed lists of the app, each with its Chinese label."""

from __future__ import annotations

from django.db import models


class Level(models.TextChoices):
    """How far a regulation reaches."""

    NATIONAL = "national", "全国"
    LOCAL = "local", "地方或系统"
    BUREAU = "bureau", "本局"


class VersionStatus(models.TextChoices):
    """A draft may be edited; a published version never changes."""

    DRAFT = "draft", "草稿"
    PUBLISHED = "published", "已发布"


class Confirmation(models.TextChoices):
    """How sure the words and numbers of a row are; all but the first two wait for a person's check."""

    SEEN = "V", "已核对原文"
    DESCRIBED = "D", "据本局材料"
    RECALLED = "R", "待核实"
    LOCAL = "L", "本地规定，待核实"
    INFERRED = "I", "推定，待核实"


class Area(models.TextChoices):
    """What part of conduct a clause is about: daily norms, courteous service, the six disciplines."""

    DAILY = "daily", "日常规范"
    SERVICE = "service", "文明服务"
    POLITICAL = "political", "政治纪律"
    ORGANISATION = "organisation", "组织纪律"
    INTEGRITY = "integrity", "廉洁纪律"
    MASSES = "masses", "群众纪律"
    WORK = "work", "工作纪律"
    LIFE = "life", "生活纪律"


class AppliesBy(models.TextChoices):
    """The date that chooses the version of a clause; never the day on which the judging runs."""

    EVENT = "event", "事情发生之日"
    DUE = "due", "应当完成之日"
    PERIOD_END = "period_end", "所属期间末日"


class Subject(models.TextChoices):
    """Of whom a clause asks something."""

    BRANCH = "branch", "党支部"
    COMMITTEE = "committee", "机关党委"
    PARTY_GROUP = "party_group", "党组"
    DEPARTMENT = "department", "部门"
    PERSON = "person", "个人"
    BUREAU = "bureau", "全局"


class ClausePeriod(models.TextChoices):
    """The span over which a clause is judged."""

    EACH = "each", "每次"
    MONTH = "month", "每月"
    QUARTER = "quarter", "每季度"
    YEAR = "year", "每年"
    TERM = "term", "每届任期"
    STANDING = "standing", "持续"


class CalendarScope(models.TextChoices):
    """Who issued a calendar paper; a later one overrides days of an earlier one."""

    NATIONAL = "national", "全国"
    REGION = "region", "地区"
    UNIT = "unit", "本单位"


class Verdict(models.TextChoices):
    """What is said of a fact; unknown is neither met nor violated.

    A kind says one of the first three; excused is what would be violated by somebody whom something excuses.
    """

    MET = "met", "符合"
    VIOLATED = "violated", "未达到"
    UNKNOWN = "unknown", "未知"
    EXCUSED = "excused", "免予记分"


class RunStatus(models.TextChoices):
    """A run that has not ended yet, or has."""

    RUNNING = "running", "进行中"
    DONE = "done", "完成"


class FindingStatus(models.TextChoices):
    """How a finding stands; only a live one counts, and none that has ended stands up again."""

    LIVE = "live", "有效"
    SUPERSEDED = "superseded", "被新的发现替代"
    GONE = "gone", "事实已变，自动撤销"
    WITHDRAWN = "withdrawn", "经决定撤销"


class Change(models.TextChoices):
    """What a run does to the findings of a slot."""

    ADDED = "added", "新增"
    UNTOUCHED = "untouched", "不变"
    REPLACED = "replaced", "替代"
    GONE = "gone", "撤销"
    LEFT = "left", "经决定撤销，不再新增"


class IndexedPart(models.TextChoices):
    """What of a document an entry of the index holds."""

    TITLE = "title", "名称"
    ALIAS = "alias", "别名"
    NUMBER = "number", "文号"
    TEXT = "text", "正文"
    CLAUSE = "clause", "条款"


LOG_VERBS = {
    "regulations.add": "登记",
    "regulations.edit": "更正",
    "regulations.clone_version": "复制出草稿",
    "regulations.publish_version": "发布{}",
    "regulations.end_version": "由新版本接替，{}截止",
    "regulations.excuse": "批准免除",
    "regulations.withdraw_finding": "认定不成立",
    "regulations.close_period": "结账",
    "regulations.reopen_period": "取消结账",
    "regulations.save_cases": "更正样例",
    "regulations.run": "核算",
}
"""What the log of changes says of a verb (see `core.audit.reading`)."""
LOG_NAMES = {"cloned_from": "复制自", "clauses": "条款数", "cases": "样例"}
"""Values of the log that are no columns."""
