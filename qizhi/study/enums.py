"""The words of study."""

from __future__ import annotations

from django.db import models


class Origin(models.TextChoices):
    """Where a completed course is known from."""

    IMPORTED = "imported", "导入"
    SELF = "self", "本人登记"


class QuestionShape(models.TextChoices):
    """How a question is answered; the same values as `rules.questions.Shape`."""

    SINGLE = "single", "单选题"
    MULTIPLE = "multiple", "多选题"
    TRUE_FALSE = "true_false", "判断题"
    SHORT = "short", "简答题"


class Layer(models.TextChoices):
    """Who studies, from the top down."""

    CENTRE_GROUP = "centre_group", "党组中心组"
    COMMITTEE = "committee", "机关党委"
    BRANCH = "branch", "党支部"


class ResourceKind(models.TextChoices):
    """What a gathering may refer to: where and from whom one learns, in which words, about what."""

    BASE = "base", "现场教育基地"
    ROLE_MODEL = "role_model", "先进典型"
    PLEDGE = "pledge", "誓词"
    TAG = "tag", "内容标签"
    PROJECT = "project", "业务项目"
    COMMUNITY = "community", "社区（村）"


class RoundPace(models.TextChoices):
    """How the questions of a round follow one another; the same values as `rules.contests.Pace`."""

    HOST = "host", "主持人逐题出题"
    ALL = "all", "整轮题目同时开放"
    CLOCK = "clock", "按每题秒数自动出下一题"


LOG_VERBS = {
    "study.declare_notes": "登记",
    "study.next_question": "打开下一题",
    "study.start_round": "开始{}",
    "study.close_round": "截止作答{}",
    "study.reveal_round": "公布答案{}",
    "study.order_board": "排定名次",
    "study.correct_key": "更正参考答案",
    "study.remove_part": "删除{}",
    "study.link_item": "对应活动{}",
    "study.unlink_item": "取消对应{}",
    "study.close_year_file": "归档",
    "study.reopen_year_file": "取消归档",
}
"""What the log of changes says of a verb (see `core.audit.reading`)."""
LOG_NAMES = {"questions": "题数"}
"""Values of the log that are no columns."""
