"""Which font stands for which hand of an official document.

The standard names 方正小标宋简体, 仿宋_GB2312 and 楷体_GB2312; they are licensed, so none is shipped. A
folder with the office's own copies is used where there is one; otherwise open fonts stand in: Noto Serif
SC for 仿宋, 楷体 and 宋体, its heavy cut for 小标宋, Noto Sans SC for 黑体. The docx always names the fonts
of the standard.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

import typst

from qizhi.core.errors import Refused
from qizhi.core.values import dataclass

OPEN_SERIF, OPEN_SANS = "Noto Serif SC", "Noto Sans SC"


class Hand(StrEnum):
    """Hands of the standard; the value is the font's name in a docx."""

    TITLE = "方正小标宋简体"
    BODY = "仿宋_GB2312"
    KAI = "楷体_GB2312"
    BLACK = "黑体"
    SONG = "宋体"


# Families that are the hand itself, best first. A font file may give its name in English or in Chinese.
FAMILIES = {
    Hand.TITLE: ("FZXiaoBiaoSong-B05S", "方正小标宋简体", "FZXiaoBiaoSong-B05", "方正小标宋_GBK"),
    Hand.BODY: ("FangSong_GB2312", "仿宋_GB2312", "FangSong", "仿宋", "STFangsong", "华文仿宋"),
    Hand.KAI: ("KaiTi_GB2312", "楷体_GB2312", "KaiTi", "楷体", "STKaiti", "LXGW WenKai", "AR PL KaitiM GB"),
    Hand.BLACK: ("SimHei", "黑体", "STHeiti"),
    Hand.SONG: ("SimSun", "宋体", "NSimSun", "STSong"),
}
STAND_INS = {
    Hand.TITLE: (OPEN_SERIF, 700),
    Hand.BODY: (OPEN_SERIF, 400),
    Hand.KAI: (OPEN_SERIF, 500),
    Hand.BLACK: (OPEN_SANS, 500),
    Hand.SONG: (OPEN_SERIF, 400),
}


@dataclass(frozen=True)
class FontPlan:
    """Fonts found in the folders.

    Attributes:
        fonts: the loaded fonts, for the typesetter.
        families: families for each hand, in the order in which a character is looked for.
        weights: weight for each hand, 100 to 900.
        stand_ins: hands for which an open font stands in.
    """

    fonts: typst.Fonts
    families: dict[Hand, tuple[str, ...]]
    weights: dict[Hand, int]
    stand_ins: frozenset[Hand]

    @property
    def chart_families(self) -> tuple[str, ...]:
        """Families for the words in charts, where a chart names none that is there."""
        return self.families[Hand.BLACK]


def plan_fonts(font_dirs: Sequence[Path]) -> FontPlan:
    """Choose a font for each hand from the files in the folders; a missing folder is passed over.

    The result is kept for the life of the process: a changed folder counts from the next start.

    Raises:
        Refused: no Chinese font was found.
    """
    return _plan(tuple(str(folder) for folder in font_dirs if folder.is_dir()))


@lru_cache(maxsize=4)
def _plan(folders: tuple[str, ...]) -> FontPlan:
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=list(folders))
    there = {family.lower(): family for family in fonts.families()}
    open_fonts = [family for family in (OPEN_SERIF, OPEN_SANS) if family.lower() in there]
    own = {hand: [there[name.lower()] for name in FAMILIES[hand] if name.lower() in there] for hand in Hand}
    if not open_fonts and not own[Hand.BODY]:
        raise Refused(
            "没有生成文件：字体文件夹里找不到可用的中文字体。请管理员检查设置中的字体文件夹，"
            "装入随安装程序提供的开源字体，或放入本单位已获授权的公文字体。"
        )
    return FontPlan(
        fonts=fonts,
        # A hand that is missing falls back on its open stand-in, then on the other fonts that are there.
        families={
            hand: tuple(dict.fromkeys([*own[hand], *_stand_in_first(open_fonts, hand), *own[Hand.BODY]]))
            for hand in Hand
        },
        weights={hand: STAND_INS[hand][1] for hand in Hand},
        stand_ins=frozenset(hand for hand in Hand if not own[hand]),
    )


def _stand_in_first(open_fonts: Sequence[str], hand: Hand) -> list[str]:
    return sorted(open_fonts, key=lambda family: family != STAND_INS[hand][0])
