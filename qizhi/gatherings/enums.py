"""The words of gatherings."""

from __future__ import annotations

from django.db import models


class DatePrecision(models.TextChoices):
    """How exactly the day is known."""

    DAY = "day", "具体日期"
    MONTH = "month", "仅知月份"


class Audience(models.TextChoices):
    """Who is due to come to gatherings of a kind."""

    MEMBERS = "members", "本支部全体党员"
    COMMITTEE = "committee", "支部委员"
    GROUP = "group", "党小组党员"
    POSTS = "posts", "在本组织任职的人员"
    STAFF = "staff", "本处室（本局）全体人员"
    NONE = "none", "不设应到范围"


class Ledger(models.TextChoices):
    """What a kind counts for; ledgers and figures read these flags, never a kind's name."""

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


class RollState(models.TextChoices):
    """Exceptions from "everybody due is present"."""

    EXCUSED = "excused", "请假"
    ABSENT = "absent", "缺席"
    MADE_UP = "made_up", "已补课"


class VisitorRole(models.TextChoices):
    """Who else was there."""

    AUDITOR = "auditor", "联系旁听"
    GUEST = "guest", "列席"


class Capacity(models.TextChoices):
    """In what capacity somebody gave a lesson."""

    PRINCIPAL = "principal", "主要领导"
    PARTY_GROUP_MEMBER = "party_group_member", "党组成员"
    SECRETARY = "secretary", "支部书记"
    MEMBER = "member", "普通党员"
    EXPERT = "expert", "外请专家"


class Threshold(models.TextChoices):
    """How a resolution is judged."""

    ORDINARY = "ordinary", "一般事项"
    ADMISSION = "admission", "接收（转正）党员"
    ELECTION = "election", "选举"


class Remark(models.TextChoices):
    """What can be said of a gathering by one tap, without a name: words for the branch, no score."""

    USEFUL = "useful", "内容有收获"
    TIMELY = "timely", "时间合适"
    MORE_TALK = "more_talk", "希望多讨论"
    CLOSER_TO_WORK = "closer_to_work", "希望更贴近业务"
    SHORTER = "shorter", "希望短一些"
    GO_OUT = "go_out", "希望走出去看看"


class LeftOutReason(models.TextChoices):
    """Why a member who cannot come may be left out of the number due in admissions and elections (EL-05)."""

    ILLNESS = "illness", "患病不能表达本人意志"
    ABROAD = "abroad", "自费出国半年以上"
    SERVING = "serving", "未受留党察看以上处分但正在服刑"
    FRAIL = "frail", "年老体弱卧床不起或长期生病生活不能自理"
    MOVED = "moved", "外出半年以上，应转未转正式组织关系"


LOG_VERBS = {
    "gatherings.record": "登记",
    "gatherings.correct": "更正",
    "gatherings.withdraw": "撤销",
    "gatherings.restore": "恢复",
    "gatherings.follow_leave": "随请假更改到会例外",
    "gatherings.comment": "旁听、点评",
    "gatherings.leave_audit": "取消旁听",
    "gatherings.attach": "添加附件",
    "gatherings.detach": "删除附件",
    "gatherings.strike_line": "划去一句匿名反馈",
}
"""What the log of changes says of a verb (see `core.audit.reading`)."""
LOG_NAMES = {
    "unit": "组织",
    "chair": "主持人",
    "series": "系列",
    "kinds": "活动类型",
    "lecturers": "授课人",
    "roll": "到会例外",
    "visitors": "旁听与列席",
    "resolutions": "决议",
    "attachment": "附件",
    "comment": "点评",
}
"""Values of the log that are no columns."""
