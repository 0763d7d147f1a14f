"""The words of plans, lists and tasks."""

from __future__ import annotations

from django.db import models

from qizhi.org.enums import UnitKind


class Purpose(models.TextChoices):
    """What a plan is for."""

    CENTRE_STUDY = "centre_study", "中心组学习计划"
    BRANCH_STUDY = "branch_study", "支部学习计划"
    INSPECTION = "inspection", "月度检查计划"
    BULLETIN = "bulletin", "通报计划"
    OTHER = "other", "其他计划"


PURPOSES_OF = {
    Purpose.CENTRE_STUDY: (UnitKind.CENTRE_GROUP, UnitKind.PARTY_GROUP),
    Purpose.BRANCH_STUDY: (UnitKind.BRANCH,),
}
"""Kinds of unit that make plans of a purpose; any may make the others."""
STUDY_PURPOSES = (Purpose.CENTRE_STUDY, Purpose.BRANCH_STUDY)


class Deed(models.TextChoices):
    """What carries out a plan item: the ledgers of gatherings.

    Plans and gatherings stand side by side and may not import each other; `study`, above both, holds by a
    test that codes and labels are the same.
    """

    CONGRESS = "congress", "支部党员大会"
    COMMITTEE = "committee", "支部委员会会议"
    GROUP = "group", "党小组会"
    LESSON = "lesson", "党课"
    THEME_DAY = "theme_day", "主题党日"
    ORG_LIFE = "org_life", "组织生活会"
    APPRAISAL = "appraisal", "民主评议党员"
    CENTRE_STUDY = "centre_study", "中心组集中学习"
    CENTRE_DISCUSSION = "centre_discussion", "中心组交流研讨"
    INTEGRITY = "integrity", "党风廉政教育"
    CAMPAIGN = "campaign", "专题教育"
    ONSITE = "onsite", "现场党性教育"
    CEREMONY = "ceremony", "升旗等仪式"
    VOLUNTEER = "volunteer", "志愿服务"
    PAIRING = "pairing", "结对帮扶"
    FIELD_VISIT = "field_visit", "基层调研"
    TRAINING = "training", "党员教育培训学时"


class ListKind(models.TextChoices):
    """The three lists of a secretary's responsibility for Party building."""

    RESPONSIBILITY = "responsibility", "责任清单"
    INCENTIVE = "incentive", "激励清单"
    NEGATIVE = "negative", "负面清单"


class Settlement(models.TextChoices):
    """What people say of a part of what was asked."""

    DONE = "done", "已完成"
    NA = "na", "不适用"
    EXCUSED = "excused", "已批准不办"


class DocumentKind(models.TextChoices):
    """What sort of document is to be finished in time."""

    INCOMING = "incoming", "收文"
    SUPERVISED = "supervised", "督办件"
    REQUEST = "request", "请示报告"
    LETTER = "letter", "函件"
    MEETING = "meeting", "会议议定事项"
    OTHER = "other", "其他"


class ExtensionState(models.TextChoices):
    """How a request for more time stands."""

    ASKED = "asked", "待批准"
    APPROVED = "approved", "已批准"
    REFUSED = "refused", "未批准"
    WITHDRAWN = "withdrawn", "已撤回"


LOG_VERBS = {
    "tasks.finish_document": "登记办结",
    "tasks.reopen_document": "撤回办结",
    "tasks.hand_over": "转办",
    "tasks.change_handling": "更正承办人",
    "tasks.undo_hand_over": "撤回转办",
    "tasks.ask_extension": "申请延期",
    "tasks.decide_extension": "处理延期申请",
    "tasks.change_extension": "更正延期",
    "tasks.withdraw_extension": "撤回延期",
    "tasks.issue_list": "下达",
    "tasks.give_task": "交办",
    "tasks.cancel_item": "取消{}",
}
"""What the log of changes says of a verb (see `core.audit.reading`)."""
LOG_NAMES = {"handler": "承办人", "plan_items": "计划事项", "units": "承担组织", "duties": "事项"}
"""Values of the log that are no columns."""
