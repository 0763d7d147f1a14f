"""The words of an organisation."""

from __future__ import annotations

from django.db import models


class UnitKind(models.TextChoices):
    """Kinds of unit in the tree."""

    BUREAU = "bureau", "局"
    DEPARTMENT = "department", "处室"
    PARTY_GROUP = "party_group", "党组"
    CENTRE_GROUP = "centre_group", "党组理论学习中心组"
    COMMITTEE = "committee", "机关党委"
    BRANCH = "branch", "党支部"
    GROUP = "group", "党小组"


class Role(models.TextChoices):
    """What a post is for; permissions name these."""

    LEADER = "leader", "局领导"
    PARTY_GROUP_SECRETARY = "party_group_secretary", "党组书记"
    PARTY_GROUP_MEMBER = "party_group_member", "党组成员"
    CENTRE_GROUP_MEMBER = "centre_group_member", "中心组成员"
    STUDY_SECRETARY = "study_secretary", "学习秘书"
    COMMITTEE_SECRETARY = "committee_secretary", "机关党委书记"
    COMMITTEE_MEMBER = "committee_member", "机关党委委员"
    SECRETARY = "secretary", "支部书记"
    DEPUTY_SECRETARY = "deputy_secretary", "支部副书记"
    BRANCH_COMMITTEE_MEMBER = "branch_committee_member", "支部委员"
    GROUP_LEADER = "group_leader", "党小组组长"
    DEPARTMENT_HEAD = "department_head", "处室负责人"
    AFFAIRS_OFFICER = "affairs_officer", "政工处"
    DISCIPLINE_OFFICER = "discipline_officer", "纪检干部"
    PERSONNEL_OFFICER = "personnel_officer", "人事干部"
    UNION_OFFICER = "union_officer", "工会干部"


ADMINISTRATORS = (Role.AFFAIRS_OFFICER, Role.PERSONNEL_OFFICER, Role.DISCIPLINE_OFFICER)
"""Who administer: nobody holds two of these offices on one day."""
BRANCH_COMMITTEE_ROLES = (Role.SECRETARY, Role.DEPUTY_SECRETARY, Role.BRANCH_COMMITTEE_MEMBER)


class Rank(models.TextChoices):
    """Ranks of civil servants, lowest first (order is `RANK_ORDER`)."""

    CLERK = "clerk", "科员及以下"
    DEPUTY_SECTION = "deputy_section", "副科级"
    SECTION = "section", "正科级"
    DEPUTY_DIVISION = "deputy_division", "副处级"
    DIVISION = "division", "正处级"
    DEPUTY_BUREAU = "deputy_bureau", "副厅级"
    BUREAU = "bureau", "正厅级"


RANK_ORDER = {rank: number for number, rank in enumerate(Rank.values)}


class MemberStatus(models.TextChoices):
    """Standing of a Party member on a day."""

    PROBATIONARY = "probationary", "预备党员"
    FULL = "full", "正式党员"
    NO_VOTE = "no_vote", "正式党员（暂无表决权）"


class Gender(models.TextChoices):
    """As in the staff roll."""

    MALE = "male", "男"
    FEMALE = "female", "女"


class LeaveKind(models.TextChoices):
    """Why somebody is away with approval."""

    ANNUAL = "annual", "年休假"
    SICK = "sick", "病假"
    PERSONAL = "personal", "事假"
    MATERNITY = "maternity", "产假"
    SECONDMENT = "secondment", "外派借调"
    DUTY = "duty", "公务出差"
    OTHER = "other", "其他批准事由"


LOG_VERBS = {
    "org.add_person": "登记人员",
    "org.correct_person": "更正基本信息",
    "org.appoint": "任职",
    "org.place": "调入处室",
    "org.set_rank": "职级变动",
    "org.set_membership": "组织关系变动",
    "org.import_membership": "从表格导入组织关系",
    "org.record_leave": "登记请假",
    "org.record_": "登记{}",
    "org.create_account": "开通账号",
    "org.start_bureau": "首次启动",
    "org.change_bureau": "更正单位信息",
    "org.export_bureau": "全库导出",
    "org.import_bureau": "从归档恢复",
    "org.change_password": "本人改密码",
    "org.reset_password": "重设密码",
    "org.disable_account": "停用账号",
    "org.enable_account": "启用账号",
    "org.create_unit": "建立",
    "org.rename_unit": "更正",
    "org.close_unit": "撤销或并入",
    "org.reopen_unit": "恢复",
    "org.move_unit": "改换上级",
    "org.end_": "{}截止",
    "org.close_": "组织撤销，{}截止",
    "org.move_": "组织并入，{}转入",
    "org.reopen_": "组织恢复，{}接续",
}
"""What the log of changes says of a verb (see `core.audit.reading`)."""
LOG_NAMES = {"username": "用户名", "rows": "行数"}
"""Values of the log that are no columns."""


PREFIXES: dict[str, str] = {
    UnitKind.BUREAU: "b",
    UnitKind.DEPARTMENT: "d",
    UnitKind.PARTY_GROUP: "pg",
    UnitKind.CENTRE_GROUP: "cg",
    UnitKind.COMMITTEE: "oc",
    UnitKind.BRANCH: "z",
    UnitKind.GROUP: "g",
}
"""With what the codes begin that are given to units without one."""
