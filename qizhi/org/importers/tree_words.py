"""The columns of the table of units, and what the name of a unit tells of its kind."""

from __future__ import annotations

import re

from qizhi.core.tables.cells import CellValue
from qizhi.core.tables.problems import BadValue
from qizhi.core.tables.schema import Column, TableSchema
from qizhi.core.tables.values import Choices, parse_day_or_month, parse_list, text
from qizhi.core.tables.values.plain import as_text, compact, shorten
from qizhi.org.enums import UnitKind

_CODE = re.compile(r"[A-Za-z0-9_-]{1,20}")
_OTHER_KINDS = {
    **dict.fromkeys(("支部", "党支部委员会", "基层党支部", "支部委员会"), UnitKind.BRANCH.value),
    **dict.fromkeys(("小组",), UnitKind.GROUP.value),
    **dict.fromkeys(
        ("部门", "内设机构", "科室", "处", "科", "室", "办公室", "直属单位", "事业单位", "分支机构", "行政"),
        UnitKind.DEPARTMENT.value,
    ),
    **dict.fromkeys(("党委", "机关党委委员会", "机关委员会"), UnitKind.COMMITTEE.value),
    **dict.fromkeys(("中心组", "理论学习中心组"), UnitKind.CENTRE_GROUP.value),
    **dict.fromkeys(("单位", "本单位"), UnitKind.BUREAU.value),
}
KIND_WORDS = {"处室", "支部", "小组", "部门", "科室", "内设机构", "局"}
"""Names that are none, as names are compared: a list without headings begins with such a row."""
_ENDINGS = (
    (("党小组", "小组"), UnitKind.GROUP),
    (("支部", "支部委员会"), UnitKind.BRANCH),
    (("中心组",), UnitKind.CENTRE_GROUP),
    (("党组",), UnitKind.PARTY_GROUP),
    (("党委", "机关委员会"), UnitKind.COMMITTEE),
    (
        ("处", "科", "室", "办", "部", "队", "中心", "所", "站", "馆", "院", "分局", "办事处"),
        UnitKind.DEPARTMENT,
    ),
)
ABOVE: dict[str, tuple[str, ...]] = {
    UnitKind.DEPARTMENT: (UnitKind.BUREAU, UnitKind.DEPARTMENT),
    UnitKind.PARTY_GROUP: (UnitKind.BUREAU,),
    UnitKind.CENTRE_GROUP: (UnitKind.BUREAU, UnitKind.PARTY_GROUP),
    UnitKind.COMMITTEE: (UnitKind.BUREAU, UnitKind.PARTY_GROUP),
    UnitKind.BRANCH: (UnitKind.COMMITTEE, UnitKind.BUREAU, UnitKind.PARTY_GROUP, UnitKind.DEPARTMENT),
    UnitKind.GROUP: (UnitKind.BRANCH,),
}
"""What a unit of a kind may stand below."""


def _code(raw: CellValue) -> str:
    word = compact(as_text(raw))
    if not _CODE.fullmatch(word):
        reason = f"“{shorten(word)}”不能作代码"
        raise BadValue(reason, "代码只用字母、数字、“-”和“_”，最多 20 个；也可以留空，由系统编")
    return word


UNITS = TableSchema(
    "units",
    "组织",
    (
        Column(
            key="code",
            label="代码",
            parse=_code,
            aliases=("编码", "组织代码", "组织编码", "部门代码"),
            help="字母、数字，确定后不再改；留空由系统编",
            example="z01",
        ),
        Column(
            key="name",
            label="名称",
            parse=text(80),
            required=True,
            aliases=("组织名称", "单位名称", "机构名称", "党组织名称", "支部名称", "党支部名称", "处室名称"),
            last_resorts=(
                "党小组",
                "党小组名称",
                "部门名称",
                "党支部",
                "支部",
                "处室",
                "部门",
                "科室",
                "组织",
            ),
            example="第一党支部",
            width=24,
        ),
        Column(key="short_name", label="简称", parse=text(40), aliases=("组织简称", "支部简称", "处室简称")),
        Column(
            key="kind",
            label="类别",
            parse=Choices(UnitKind.choices, _OTHER_KINDS),
            aliases=("组织类别", "类型", "组织类型", "单位类别", "机构类别", "性质"),
            help="留空则按名称认，如 某某处、第一党支部、第一党小组",
        ),
        Column(
            key="parent",
            label="上级",
            parse=text(80),
            aliases=(
                *("上级组织", "上级单位", "上级党组织", "上级机构", "上级名称", "隶属", "隶属关系"),
                *("所属组织", "所属党支部", "所属支部", "所在党支部", "所在支部", "所属党委", "上级部门"),
            ),
            last_resorts=("归属", "党支部", "支部"),
            help="名称或代码，可以是表里的另一行；党小组必填；党支部留空归机关党委，其他留空归本单位",
            example="机关党委",
            width=20,
        ),
        Column(
            key="from_on",
            label="成立日期",
            parse=parse_day_or_month,
            aliases=("成立时间", "建立时间", "建立日期", "设立时间", "设立日期", "起始日期", "批准成立时间"),
            help="只知道月份的按当月1日；留空则自本单位开始记录之日起",
            example="2015-07-01",
            width=14,
        ),
        Column(
            key="to_on",
            label="撤销日期",
            parse=parse_day_or_month,
            aliases=("撤销时间", "截止日期", "终止日期", "撤并时间"),
            help="最后一天；仍在的留空",
            width=14,
        ),
        Column(
            key="covers",
            label="覆盖单位",
            parse=parse_list,
            aliases=("覆盖处室", "覆盖的单位", "联合单位", "联建单位", "所含处室", "包含处室", "涵盖处室"),
            help="党支部覆盖的处室，用“、”隔开；自两者成立之日起登记，起止不同的在党支部的页面登记",
            example="办公室、财务处",
            width=24,
        ),
    ),
)


def guess_kind(name: str) -> str | None:
    """The kind that a name ends in; None where it ends in nothing that is known."""
    word = compact(name)
    return next((str(kind.value) for endings, kind in _ENDINGS if word.endswith(endings)), None)
