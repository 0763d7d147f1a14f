"""The pages of the product by their names: one register for the navigation and for the search.

Who may open a page is what its view declares; nothing of that stands here. How a name sounds stands in
`data/sounds.txt`, since the tables of readings are heavy and only writers load them (ADR 7).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from importlib import resources
from typing import NamedTuple

from django.urls import resolve, reverse

from qizhi.core.permissions import Actor, Permission
from qizhi.core.search import Forms, Word, fold, forms_read, places_of, words_of
from qizhi.core.values import dataclass
from qizhi.org.permissions import EXPORT_ALL
from qizhi.web.permissions import importers_for
from qizhi.web.queries.ledgers import LEDGERS

DATA = "qizhi.web.data"


class Nav(NamedTuple):
    """An entry of the main navigation: its word, and the permission whose holders see it (empty: all)."""

    label: str
    needs: str = ""


@dataclass(frozen=True)
class SitePage:
    """A page without rows in its address.

    Attributes:
        view: name of the address.
        label: Chinese; what it is called.
        words: other words under which people look for it, blanks between them.
        nav: its entry in the main navigation, if it has one.
        key: what stands in the address, if anything does.
    """

    view: str
    label: str
    words: str = ""
    nav: Nav | None = None
    key: str = ""

    @property
    def address(self) -> str:
        """Where it is."""
        return _address(self.view, self.key)

    @property
    def names(self) -> list[str]:
        """All its names, its own first."""
        own = [self.label, *([self.nav.label] if self.nav else ()), *self.words.split()]
        return list(dict.fromkeys(own))

    def is_for(self, actor: Actor) -> bool:
        """Whether the person may open it; a page of tables only with a table on it."""
        if self.view == "web:tables" and not (importers_for(actor) or actor.may(EXPORT_ALL)):
            return False
        wanted = _wanted(self.address)
        return wanted is None or actor.may(wanted)


PAGES = (
    SitePage("web:home", "首页", "今天要做什么 待办 要办的", Nav("首页")),
    SitePage("gatherings:gatherings", "活动", "活动登记 会议记录 活动列表", Nav("活动", "gatherings.see")),
    SitePage("gatherings:record", "登记活动", "登记会议 记录会议 登记党课 补录 打印签到册 打印计票单"),
    SitePage("gatherings:agenda_plan", "议程时钟", "排议程 会议时长 计时 开短会 讲短话 打印议程"),
    SitePage("gatherings:kinds", "活动类型", "活动种类"),
    SitePage("gatherings:kind_new", "新建活动类型"),
    SitePage("gatherings:series_list", "系列活动", "连续开展 品牌活动"),
    SitePage("gatherings:series_new", "新建系列"),
    SitePage("gatherings:templates", "活动模板"),
    SitePage("gatherings:template_new", "新建模板", "新建活动模板"),
    SitePage("gatherings:instructions", "作业指导", "作业指导书 怎么开会 议程 步骤"),
    SitePage("gatherings:instruction_new", "编写作业指导"),
    SitePage(
        *("branch_life:bureau", "组织生活"),
        "缺项 合规 三会一课 支部情况 支部档案 表决名册",
        Nav("组织生活", "branch_life.see"),
    ),
    SitePage("branch_life:findings", "逐条检查", "条款检查 检查结果"),
    SitePage("branch_life:talks", "谈心谈话", "谈话 谈话记录"),
    SitePage("branch_life:talk_new", "登记谈心谈话", "登记谈话"),
    SitePage("branch_life:contacts", "联系旁听", "联系点 旁听 一岗双责"),
    SitePage("branch_life:contact_list", "联系点名单"),
    SitePage("branch_life:contact_new", "安排联系点"),
    SitePage("branch_life:contact_visits", "旁听的活动", "旁听记录 点评"),
    SitePage("branch_life:dual_life", "双重组织生活", "领导干部双重组织生活"),
    SitePage("branch_life:ranked", "警示教育参加情况", "警示教育 补课"),
    SitePage("branch_life:methods", "支部工作法", "工作法"),
    SitePage("branch_life:method_new", "登记支部工作法"),
    SitePage("branch_life:theme_days", "固定活动日", "统一活动日 主题党日日期"),
    SitePage("branch_life:theme_day_new", "登记固定活动日"),
    SitePage("tasks:plans", "计划", "工作计划 年度计划", Nav("计划", "tasks.see")),
    SitePage("tasks:plan_new", "编制计划"),
    SitePage("study:bureau", "学习计划完成情况", "学习计划 微党课轮讲 轮讲 中心组学习 微党课 学习档案"),
    SitePage("tasks:duties", "清单与任务", "责任清单 任务 整改", Nav("清单任务", "tasks.see_duties")),
    SitePage("tasks:lists", "三张清单", "责任清单 激励清单 负面清单"),
    SitePage("tasks:list_new", "编制清单"),
    SitePage("tasks:cascades", "任务进度", "层层推动"),
    SitePage("tasks:cascade_new", "布置任务"),
    SitePage("conduct:home", "作风纪律", "微违规 纪律", Nav("作风纪律", "conduct.see_cases")),
    SitePage("conduct:cases", "微违规事项", "扣分 事项 陈述 申诉"),
    SitePage("conduct:case_new", "草拟事项", "草拟微违规"),
    SitePage("conduct:inspections", "月度检查", "作风检查 抽样"),
    SitePage("conduct:inspection_new", "新建月度检查"),
    SitePage("conduct:observations", "检查记录"),
    SitePage("conduct:points", "记分台账", "记分 扣分"),
    SitePage("conduct:appraisal", "绩效考核用表", "绩效 考核结果运用"),
    SitePage("conduct:referrals", "线索移交", "移送 问题线索"),
    SitePage("conduct:bulletins", "通报", "作风通报 两月通报"),
    SitePage("conduct:bulletin_new", "起草通报"),
    SitePage("conduct:post_duties", "岗位职责清单", "岗位职责"),
    SitePage("conduct:post_duty_new", "登记岗位职责"),
    SitePage("conduct:clauses", "扣分条款", "记分标准"),
    SitePage(
        *("tasks:documents", "限时办结公文"),
        "公文 限时办结 收文 我承办的公文",
        Nav("公文办理", "tasks.manage_documents"),
    ),
    SitePage("tasks:document_new", "登记公文", "登记收文"),
    SitePage("conduct:registers", "登记簿", "", Nav("登记簿", "conduct.see_registers")),
    SitePage("conduct:matters", "个人有关事项报告", "个人事项 领导干部报告"),
    SitePage("conduct:matter_change_new", "登记变化报告"),
    SitePage("conduct:checks", "两核查登记", "两核查 随机抽查 档案核查"),
    SitePage("conduct:check_new", "拟提拔人选核查", "拟提拔 重点核查"),
    SitePage("conduct:risks", "廉政风险点", "风险点 廉政风险防控"),
    SitePage("conduct:risk_new", "登记廉政风险点"),
    SitePage("conduct:liaisons", "廉政风险防控联络员", "联络员"),
    SitePage("conduct:liaison_new", "登记联络员"),
    SitePage("conduct:opinions", "行风监督意见", "行风监督员"),
    SitePage("conduct:corrections", "更正申请", "答复更正"),
    SitePage("conduct:codes", "一次性查询码", "查询码"),
    SitePage("conduct:code_new", "制作一次性查询码"),
    SitePage("study:self_tests", "知识自测", "自测 答题 练习", Nav("知识自测", "study.self_test")),
    SitePage("study:banks", "题库", "题目"),
    SitePage("study:bank_new", "新建题库"),
    SitePage("study:contests", "知识竞赛", "竞赛 比赛"),
    SitePage("study:contest_new", "新建竞赛"),
    SitePage("study:campaigns", "专题教育", "主题教育 必学内容"),
    SitePage("study:campaign_new", "新建专题教育"),
    SitePage("study:hours", "学时", "培训学时 教育培训"),
    SitePage("study:my_hours", "我的学时", "本人学时"),
    SitePage("study:courses", "课程", "网上课程 培训班 廉石之光 网上党性培训 在线学习"),
    SitePage("study:course_new", "新建课程"),
    SitePage("study:completion_new", "登记完成的课程", "完成课程"),
    SitePage("study:my_notes", "读书学习笔记", "读书笔记"),
    SitePage("study:notes_new", "自报读书学习笔记"),
    SitePage("study:resources", "学习资源和标签", "教育基地 先进典型 誓词 标签"),
    SitePage("study:resource_new", "登记学习资源或标签"),
    SitePage("culture:calls", "征集", "论文 征文 格言 微作品", Nav("征集", "culture.see_calls")),
    SitePage("culture:call_new", "发布征集"),
    SitePage("culture:kinds", "作品类别", "五微 征集类别"),
    SitePage("culture:kind_new", "新建作品类别"),
    SitePage("web:ledgers", "台账", "十三本台账", Nav("台账", "figures.see")),
    *(SitePage("web:ledger", f"{one.label}台账", key=one.key) for one in LEDGERS),
    SitePage("reports:overview", "党建工作综述", "综述 年度总结", Nav("综述", "reports.see_overview")),
    SitePage("reports:issued_list", "已出文综述"),
    SitePage("reports:issue", "综述出文"),
    SitePage("reports:template_edit", "编写综述模板", "综述模板"),
    SitePage("reports:secretary_report", "书记述职底稿", "述职 述职报告 述职评议"),
    SitePage("reports:figures", "指标", "数据 数字", Nav("指标", "figures.see")),
    SitePage("conduct:leaves", "请假登记", "请假 销假 休假", Nav("请假", "conduct.see_leaves")),
    SitePage("conduct:my_leave", "我的请假", "请假 销假 年休假"),
    SitePage("conduct:leave_new", "申请请假", "请假 休假"),
    SitePage("conduct:leave_register", "登记请假", "补登请假"),
    SitePage("conduct:leave_waiting", "待我审批的请假", "审批请假"),
    SitePage("conduct:leave_balances", "年休假情况", "年假 应休天数"),
    SitePage("conduct:leave_calendar", "请假日历", "谁请假"),
    SitePage("org:units", "组织", "党支部 处室 党小组", Nav("组织", "org.see_units")),
    SitePage("org:unit_new", "新建组织", "新建支部"),
    SitePage("org:bureau", "单位信息", "红头 文号"),
    SitePage("org:people", "人员", "党员 职工 名单", Nav("人员", "org.see_people")),
    SitePage("org:person_new", "登记人员", "新增人员"),
    SitePage("regulations:library", "制度文件", "规定 制度库", Nav("制度", "regulations.see")),
    SitePage("regulations:regulation_new", "登记制度文件"),
    SitePage("regulations:exemptions", "免除登记", "免除 免予 不办 批准免除"),
    SitePage("regulations:exemption_new", "登记免除", "免除 申请免除"),
    SitePage("regulations:calendar", "工作日历", "放假 节假日 调休 工作日"),
    SitePage("regulations:paper_new", "录入放假安排通知", "放假通知"),
    SitePage("regulations:runs", "核算", "核算记录"),
    SitePage("regulations:run_new", "开始核算"),
    SitePage("regulations:findings", "检查发现", "违反条款"),
    SitePage("regulations:periods", "结账", "结账月份"),
    SitePage("regulations:period_new", "登记结账"),
    SitePage("regulations:proposals", "结账月份的变更建议", "变更建议"),
    SitePage(
        *("publishing:complaints", "投诉和建议"),
        "答复投诉 意见箱 群众意见",
        Nav("投诉建议", "publishing.answer"),
    ),
    SitePage("publishing:complaint_new", "提出投诉和建议", "投诉 建议 意见"),
    SitePage("publishing:complaint_by_code", "凭查询码看答复", "查询答复"),
    SitePage("web:tables", "导入导出", "导入 导出 上传表格 模板下载", Nav("导入导出")),
    SitePage("web:archive", "全库导出", "备份"),
    SitePage("web:set_up", "开始使用", "初始化"),
    SitePage("web:mine", "我的记录", "个人记录 本人记录 我的"),
    SitePage("web:mine_correct", "申请更正", "更正"),
    SitePage("web:feeds", "日历订阅", "订阅"),
    SitePage("web:feed_new", "订阅日历"),
    SitePage("web:password_change", "改密码", "修改密码 密码"),
)
"""In the order of the navigation; pages without an entry stand behind the one they belong to."""


@cache
def _address(view: str, key: str) -> str:
    return reverse(view, args=[key] if key else None)


@cache
def _wanted(address: str) -> Permission | None:
    """The permission that the view of an address declares; None: any account."""
    wanted: Permission | None = resolve(address).func.access.wanted  # type: ignore[attr-defined]
    return wanted


def pages_named(actor: Actor, text: str) -> Iterator[tuple[SitePage, str]]:
    """Pages that the actor may open and one of whose names holds each of the words, with the other name.

    The nearest first: those called so, then those whose own name holds it, then those also called so.
    """
    words = words_of(text)
    if not words:
        return
    found = sorted(
        (place, number)
        for number, page in enumerate(PAGES)
        if (place := _place(page, words, fold(text.strip()))) is not None
    )
    for (_, other), number in found:
        if PAGES[number].is_for(actor):
            yield PAGES[number], other


def _place(page: SitePage, words: Sequence[Word], whole: str) -> tuple[int, str] | None:
    """How near a page is, with the name by which it is found if that is not its own; None for not at all."""
    held = [name for name in page.names if all(_holds(name, word) for word in words)]
    if not held:
        together = " ".join(page.names)
        return (3, "") if len(words) > 1 and all(_holds(together, word) for word in words) else None
    if held[0] == page.label:
        return (0 if fold(page.label) == whole else 1), ""
    return (1 if any(fold(name) == whole for name in held) else 2), held[0]


def _holds(name: str, word: Word) -> bool:
    if word.folded in fold(name):
        return True
    return bool(word.readings or word.initials) and bool(places_of([word], _read(name)))


@cache
def _read(name: str) -> Forms:
    sounds = _sounds()
    return forms_read(name, [sound for part in name.split() for sound in sounds.get(part, ())])


@cache
def _sounds() -> dict[str, list[str]]:
    """How each name is read, a syllable for each character."""
    text = resources.files(DATA).joinpath("sounds.txt").read_text(encoding="utf-8")
    return {name: sounds for name, *sounds in map(str.split, text.splitlines())}
