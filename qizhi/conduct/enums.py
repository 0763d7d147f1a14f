"""Closed lists of the app, each with its Chinese label."""

from __future__ import annotations

from django.db import models


class CaseStatus(models.TextChoices):
    """Where a case stands; only a final one counts for anything."""

    DRAFT = "draft", "草拟"
    DROPPED = "dropped", "未告知即撤回"
    NOTIFIED = "notified", "已告知，待陈述"
    DECIDED = "decided", "已决定，可申诉"
    APPEALED = "appealed", "申诉中"
    FINAL = "final", "已生效"
    CLEARED = "cleared", "不予扣分"


class Decision(models.TextChoices):
    """What is decided after the person concerned was heard."""

    CONFIRMED = "confirmed", "确认"
    WITHDRAWN = "withdrawn", "撤销"


class ReviewOutcome(models.TextChoices):
    """What a third person says to an appeal."""

    UPHELD = "upheld", "维持"
    CHANGED = "changed", "变更"
    CANCELLED = "cancelled", "撤销"


class StepKind(models.TextChoices):
    """What happened to a case on a day."""

    DRAFTED = "drafted", "草拟"
    DROPPED = "dropped", "撤回"
    NOTIFIED = "notified", "告知"
    STATED = "stated", "陈述申辩"
    RENOTIFIED = "renotified", "更正告知"
    DECIDED = "decided", "决定"
    APPEALED = "appealed", "申诉"
    LATE_APPEAL = "late_appeal", "逾期申诉"
    ADMITTED = "admitted", "受理逾期申诉"
    NOT_ADMITTED = "not_admitted", "不受理逾期申诉"
    REVIEWED = "reviewed", "复核"
    FINAL = "final", "生效"


class PointsKind(models.TextChoices):
    """Why a line stands in the points ledger."""

    DEDUCTED = "deducted", "扣分"
    REVERSED = "reversed", "冲回"


class InspectionStatus(models.TextChoices):
    """An inspection goes on or is over."""

    OPEN = "open", "进行中"
    CLOSED = "closed", "已结束"


class ReferralOutcome(models.TextChoices):
    """What the discipline body has answered to a clue that was handed over to it."""

    WAITING = "", "待答复"
    ACCEPTED = "accepted", "已受理"
    RETURNED = "returned", "退回本局办理"


class BulletinStatus(models.TextChoices):
    """A bulletin is prepared by one person and approved by another."""

    DRAFT = "draft", "拟稿"
    APPROVED = "approved", "已签发"


class LeaveStatus(models.TextChoices):
    """Where a request for leave stands."""

    REQUESTED = "requested", "待批"
    APPROVED = "approved", "已批准"
    REFUSED = "refused", "未批准"
    CANCELLED = "cancelled", "已撤回"
    RETURNED = "returned", "已销假"


class ReportKind(models.TextChoices):
    """Why a personal-matter report was due; what it says is never kept."""

    ANNUAL = "annual", "年度报告"
    CHANGE = "change", "变化报告"


class CheckKind(models.TextChoices):
    """What is verified (两核查)."""

    REPORT = "report", "个人有关事项报告核查"
    FILE = "file", "干部人事档案核查"


class CheckReason(models.TextChoices):
    """Why somebody's papers are verified."""

    RANDOM = "random", "随机抽查"
    PROMOTION = "promotion", "拟提拔重点核查"


class CheckResult(models.TextChoices):
    """A code; what was found stays in the file."""

    WAITING = "", "未完成"
    CONSISTENT = "consistent", "一致"
    EXPLAINED = "explained", "不一致，已说明"
    TRANSFERRED = "transferred", "转有关部门处理"


class RiskLevel(models.TextChoices):
    """How great the risk of a point is."""

    HIGH = "high", "高"
    MIDDLE = "middle", "中"
    LOW = "low", "低"


class CorrectionStatus(models.TextChoices):
    """Where a request to correct a record stands."""

    WAITING = "waiting", "待处理"
    CORRECTED = "corrected", "已更正"
    DECLINED = "declined", "不予更正"


LOG_VERBS = {
    "conduct.ask_correction": "提出更正",
    "conduct.hand_in_report": "登记报告",
    "conduct.propose_check": "登记拟提拔人选",
    "conduct.use_code": "凭查询码打开",
    "conduct.draft_case": "拟稿",
    "conduct.notify_case": "告知",
    "conduct.state_case": "陈述申辩",
    "conduct.notify_again": "更正告知",
    "conduct.take_over_case": "接手记录并更正告知",
    "conduct.appeal_case": "申诉",
    "conduct.admit_appeal": "答复是否受理",
    "conduct.finalize_case": "生效",
    "conduct.request_leave": "申请",
    "conduct.register_leave": "登记",
    "conduct.decide_leave": "审批",
    "conduct.return_from_leave": "销假",
    "conduct.cancel_leave": "撤回",
    "conduct.void_leave": "作废",
    "conduct.close_risk": "销号",
    "conduct.refer": "登记移交",
    "conduct.prepare_bulletin": "编制",
    "conduct.approve_bulletin": "审签",
    "conduct.name_liaison": "明确{}",
    "conduct.remove_liaison": "删除登记有误的联络员",
    "conduct.follow_opinion": "登记落实情况",
    "conduct.deduct": "记分",
    "conduct.take_back": "撤回记分",
}
"""What the log of changes says of a verb (see `core.audit.reading`)."""
LOG_NAMES = {"units": "受检组织", "seen_by": "检查人"}
"""Values of the log that are no columns."""
