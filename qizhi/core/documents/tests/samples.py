"""Invented documents of an invented bureau, as messy as the real ones."""

from __future__ import annotations

import datetime as dt

from qizhi.core.charts import Series, bar_chart, line_chart, small_multiples
from qizhi.core.documents.model import (
    Attachment,
    Attendance,
    Block,
    Document,
    Heading,
    Kind,
    PageBreak,
    Paragraph,
    Picture,
    Run,
    Table,
)
from qizhi.core.documents.wording import number_headings

MADE_AT = dt.datetime(2026, 12, 31, 9, 30, tzinfo=dt.UTC)
CREATOR = "示例检验检疫局"
MONTHS = tuple(f"{month}月" for month in range(1, 13))
BRANCHES = (
    "第一党支部",
    "第二党支部",
    "园区办事处党支部",
    "新区办事处党支部",
    "综合技术中心（含保健中心）党支部",
    "离退休干部党支部",
)

PROSE = (
    "今年以来，示例检验检疫局坚持把党的政治建设摆在首位，围绕中心抓党建、抓好党建促业务，着力建强基层战斗堡垒，各项工作取得新的进展。",
    "全局共有党支部13个、党员312名，其中预备党员6名。各支部按照“记一次，处处可用”的要求登记组织生活，不再另报台账，基层党务干部的精力更多用在谈心谈话、解决问题上。",
    "局党组先学一步、学深一层，把学习成果转化为破解难题的思路举措。中心组成员带着课题下基层，形成调研报告9篇，提出改进措施27项，其中23项已经落实，其余4项已明确责任部门和完成时限。",
    "严格落实“三会一课”、谈心谈话、民主评议等制度，对组织生活不够经常、会议记录不够规范等问题逐条整改。对因疫情、出差等原因未能参加的党员，由支部在一个月内补学，补学情况如实登记。",
    "坚持把服务企业、服务群众作为检验党建成效的标尺，组织党员深入企业、社区、村镇，面对面听取意见。对走访中收集的问题，逐件明确承办部门和答复时限，办结后由反映人确认，未经确认的不计入办结数。",
)  # fmt: skip


def chart_bars() -> Picture:
    svg = bar_chart(
        "各支部组织生活次数", BRANCHES, [Series("应开展", (24,) * 6), Series("已开展", (24, 23, 24, 21, 24, None))],
        unit="次", show_title=False,
    )  # fmt: skip
    return Picture(svg, "图1 各支部组织生活应开展与已开展次数")


def chart_share() -> Picture:
    svg = bar_chart(
        "问题办结率", BRANCHES, [Series("办结率", (100, 92.5, 88, 79.5, 100, None))],
        unit="%", maximum=100, accent=3, show_title=False,
    )  # fmt: skip
    return Picture(svg, "图2 走访问题办结率", width=140)


def chart_lines() -> Picture:
    this_year = (3, 4, 4.5, None, 5, 6, 6, 7, 7.5, 8, 8, 9)
    series = [Series("本年", this_year), Series("上年", (2, 3, 3, 4, 4, 4, 5, 5, 6, 6, 6, 7))]
    return Picture(line_chart("人均学时", MONTHS, series, unit="学时", show_title=False), "图3 人均学习学时")


def chart_multiples() -> Picture:
    panels = [Series(name, tuple((row * 5 + month * 3) % 4 if (row + month) % 7 else None for month in range(12)))
              for row, name in enumerate(BRANCHES)]  # fmt: skip
    svg = small_multiples("每月活动", MONTHS, panels, unit="次", accent=11, show_title=False)
    return Picture(svg, "图4 各支部每月活动次数")


def figures_paragraph() -> Paragraph:
    return Paragraph((
        Run("全年共开展党组中心组集中学习"), Run("15次", figure_key="study.centre_group"),
        Run("、交流研讨"), Run("6次", figure_key="study.discussions"),
        Run("，累计走访企业57家、家庭5269户，梳理各类问题540个，帮助解决432个。"),
        Run("问题办结率为80%。", bold=True),
    ))  # fmt: skip


def branch_table() -> Table:
    rows = tuple(
        (name, "24", str(24 - index), f"{(24 - index) / 24:.1%}", "按季度补开" if index == 3 else "")
        for index, name in enumerate(BRANCHES)
    )
    return Table(
        ("党支部", "应开展（次）", "已开展（次）", "完成率", "说明"), rows, "表1 各支部组织生活完成情况"
    )


def overview_blocks(rounds: int = 3) -> tuple[Block, ...]:
    blocks: list[Block] = [Paragraph.of(PROSE[0]), figures_paragraph()]
    topics = (
        "领导率先垂范，夯实党建根基",
        "注重文化熏陶，打造精神家园",
        "严格队伍管理，扎紧制度笼子",
        "秉持服务宗旨，树立先锋形象",
    )
    pictures = (chart_bars(), chart_share(), chart_lines(), chart_multiples())
    for index, topic in enumerate(topics):
        blocks += [Heading(1, topic), Heading(2, "坚持先学一步"), *map(Paragraph.of, PROSE[1:rounds])]
        blocks += [
            Heading(3, "抓实日常。"),
            Paragraph.of(PROSE[3]),
            Heading(4, "形成闭环。"),
            Paragraph.of(PROSE[4]),
        ]
        blocks += [pictures[index], Heading(2, "坚持久久为功"), Paragraph.of(PROSE[2] + PROSE[4])]
        if index == 0:
            blocks.append(branch_table())
    return number_headings(blocks)


def overview(rounds: int = 3) -> Document:
    return Document(
        kind=Kind.OVERVIEW,
        issuer_mark="示例检验检疫局文件",
        doc_no="示检党〔2026〕3号",
        title="示例检验检疫局关于2026年度党建工作情况的综述",
        salutation="各党支部、机关各处室、各办事处，综合技术中心，国际旅行卫生保健中心，各直属事业单位",
        blocks=overview_blocks(rounds),
        attachments=(
            Attachment("2026年度各党支部组织生活完成情况一览表", (branch_table(), Paragraph.of(PROSE[1]))),
            Attachment("2026年度“走基地、看变化、聚力量”主题活动及党员志愿服务项目完成情况汇总表。"),
        ),
        signer="示例检验检疫局",
        signed_on=dt.date(2027, 1, 8),
        note="此件发至各党支部",
        copies_to=("示例海关", "示例市委机关工作委员会", "示例市检验检疫协会", "各共建社区"),
        printed_by="示例检验检疫局办公室",
        printed_on=dt.date(2027, 1, 9),
    )


def notice() -> Document:
    return Document(
        kind=Kind.NOTICE,
        issuer_mark="中共示例检验检疫局机关委员会文件",
        doc_no="示检机党〔2026〕12号",
        title="关于印发《党支部书记履行党建工作责任考核办法（试行）》的通知",
        salutation="各党支部",
        blocks=(
            Paragraph.of("现将《党支部书记履行党建工作责任考核办法（试行）》印发给你们，请认真贯彻执行。"),
            Paragraph.of("特此通知。"),
        ),
        attachments=(Attachment("党支部书记履行党建工作责任考核办法（试行）"),),
        signer="中共示例检验检疫局机关委员会",
        signed_on=dt.date(2026, 3, 5),
    )


def minutes() -> Document:
    return Document(
        kind=Kind.MINUTES,
        issuer_mark="示例检验检疫局党组会议纪要",
        doc_no="示检党纪〔2026〕7号",
        title="研究2026年第三季度党建工作",
        blocks=number_headings((
            Paragraph.of("2026年9月28日，局党组召开会议，听取机关党委关于第三季度党建工作的汇报，研究部署下一步工作。纪要如下："),
            Heading(1, "关于组织生活"), Paragraph.of(PROSE[3]),
            Heading(1, "关于走访问题"), Paragraph.of(PROSE[4]), PageBreak(), Paragraph.of(PROSE[2]),
        )),
        signed_on=dt.date(2026, 9, 30),
        attendance=(
            Attendance("出席", "甲某、乙某、丙某、丁某、戊某、己某、庚某、辛某、壬某、癸某、子某、丑某、寅某、卯某"),
            Attendance("请假", "辰某（出差）"),
            Attendance("列席", "巳某、午某"),
        ),
        printed_by="示例检验检疫局办公室",
        printed_on=dt.date(2026, 9, 30),
    )  # fmt: skip
