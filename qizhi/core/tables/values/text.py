"""Words, names of people, lists, yes or no."""

from __future__ import annotations

import re
from collections.abc import Callable

from qizhi.core.patterns import late
from qizhi.core.tables.cells import CellValue
from qizhi.core.tables.problems import BadValue
from qizhi.core.tables.values.plain import HAN, as_text, clean, compact, shorten

_TIGHT_END = late(rf"[{HAN}，。；：、！？）]\Z")
_TIGHT_START = late(rf"[{HAN}（《“]")
_SPACE_BUT_LINE = late(r"[^\S\n]+")
_SPACE_RUN = late(r"\s+")
_BLANK_LINES = late(r"\n{3,}")

_DOTS = late(r"\s*[·•‧・･∙⋅●．.]\s*")
_DOTTED_NAME = late(rf"[{HAN}]+(?:·[{HAN}]+)+")
_SPACED_NAME = late(rf"[{HAN}](?:\s*[{HAN}]){{1,3}}")
# Two characters, a space, two characters is one person only after a surname of two characters.
_TWO_AND_TWO = late(rf"([{HAN}]{{2}}) [{HAN}]{{2}}")
_LONG_SURNAMES = (
    "欧阳司马上官诸葛皇甫尉迟公孙慕容司徒司空令狐东方夏侯端木南宫西门独孤长孙宇文轩辕呼延百里"
    "东郭申屠淳于单于太叔濮阳公冶宗政鲜于闾丘亓官仲孙钟离闻人澹台赫连万俟拓跋第五左丘谷梁完颜纳兰"
)
_SEVERAL = late(r"[、，,;；/|\n]")
_LIST_SEPARATORS = late(r"[、，,;；/|\s]+")
_MAX_NAME = 50

_YES = frozenset(("是", "√", "✓", "✔", "☑", "对", "有", "y", "yes", "t", "true", "1"))
_NO = frozenset(("否", "×", "✗", "✘", "✕", "✖", "x", "无", "没有", "不是", "n", "no", "f", "false", "0"))


def parse_text(raw: CellValue) -> str:
    """One line: line ends inside become a space, or nothing between Chinese characters.

    Raises:
        BadValue: A number too long to have survived the spreadsheet.
    """
    lines = [_SPACE_RUN.sub(" ", line).strip() for line in as_text(raw).split("\n")]
    pieces: list[str] = []
    for line in filter(None, lines):
        if pieces and not (_TIGHT_END.search(pieces[-1]) and _TIGHT_START.match(line)):
            pieces.append(" ")
        pieces.append(line)
    return "".join(pieces)


def parse_lines(raw: CellValue) -> str:
    """Several lines, each trimmed, with at most one empty line between.

    Raises:
        BadValue: As `parse_text`.
    """
    lines = (_SPACE_RUN.sub(" ", line).strip() for line in as_text(raw).split("\n"))
    return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip()


def text(max_length: int, *, is_multiline: bool = False) -> Callable[[CellValue], str]:
    """A parser for text of at most `max_length` characters, in one line unless said otherwise."""
    parse_any = parse_lines if is_multiline else parse_text

    def parse(raw: CellValue) -> str:
        value = parse_any(raw)
        if len(value) > max_length:
            reason = f"有{len(value)}个字，超过{max_length}个字的上限"
            raise BadValue(reason, "请写短一些")
        return value

    return parse


def parse_name(raw: CellValue) -> str:
    """The name of one person: 张 三 → 张三, 买买提.艾力 → 买买提·艾力.

    Raises:
        BadValue: Several people, no letters, or longer than 50 characters.
    """
    value = _SPACE_BUT_LINE.sub(" ", clean(as_text(raw)))
    two = _TWO_AND_TWO.fullmatch(value)
    if _SEVERAL.search(value) or (two and not _is_long_surname(two[1])):
        reason = f"“{shorten(value)}”像是几个人，这里只能填一个人"
        raise BadValue(reason, "每个人各填一行")
    if _SPACED_NAME.fullmatch(value):
        return value.replace(" ", "")
    dotted = _DOTS.sub("·", value)
    if _DOTTED_NAME.fullmatch(dotted.replace(" ", "")):
        return dotted.replace(" ", "")
    if not any(char.isalpha() for char in value) or len(value) > _MAX_NAME:
        reason = f"“{shorten(value)}”不像人名"
        raise BadValue(reason, "请填姓名，不要填编号或说明")
    return value


def _is_long_surname(two: str) -> bool:
    """Whether two characters together are a surname."""
    place = _LONG_SURNAMES.find(two)
    return place >= 0 and place % 2 == 0


def parse_names(raw: CellValue) -> tuple[str, ...]:
    """Several people in their order, with spaces as the only separators where there are no others.

    Raises:
        BadValue: 等 (so others are left out), or spaces from which nobody can tell where a name ends.
    """
    value = clean(as_text(raw))
    if re.search(r"等(?:[0-9一二三四五六七八九十]+)?[人名位]?(?:同志)?$", compact(value)):
        reason = "名单里用了“等”，看不出还有谁"
        raise BadValue(reason, "请把每个人的姓名写全，用“、”隔开")
    pieces = [piece for piece in re.split(r"[、，,;；/|\n]+", value) if piece.strip()]
    if len(pieces) == 1:
        pieces = _split_spaced_names(pieces[0].split())
    return tuple(parse_name(piece) for piece in pieces)


def _split_spaced_names(words: list[str]) -> list[str]:
    """张三 李四 → two; 张 三 → one; 张 三丰 李四 → two; 张 三 李 四 → nobody knows.

    One character alone is nobody's name: before a word of two it is the surname of that person.
    """
    singles = [len(word) == 1 for word in words]
    if not any(singles):
        return words if all(re.fullmatch(rf"[{HAN}·]+", word) for word in words) else [" ".join(words)]
    if all(singles) and len(words) in {2, 3}:
        return ["".join(words)]
    names: list[str] = []
    rest = list(words)
    while rest:
        word = rest.pop(0)
        if len(word) == 1 and rest and _is_given_name(rest[0], rest[1:]):
            word += rest.pop(0)
        if len(word) == 1:
            reason = "分不清哪几个字是一个人的姓名"
            raise BadValue(reason, "请用“、”把姓名隔开")
        names.append(word)
    return names


def _is_given_name(word: str, after: list[str]) -> bool:
    """Whether it belongs to the single character before: one more such character behind it leaves it open."""
    return len(word) == len("三丰") or (len(word) == 1 and (not after or len(after[0]) > 1))


def parse_list(raw: CellValue) -> tuple[str, ...]:
    """Words separated by 、，,;；/| space or line end, in their order; 无 is an empty list.

    Raises:
        BadValue: As `parse_text`.
    """
    value = clean(as_text(raw))
    if value == "无":
        return ()
    return tuple(piece for piece in _LIST_SEPARATORS.split(value) if piece)


def parse_yes_no(raw: CellValue) -> bool:
    """是/否 and what people write for it: √ × 有 无 Y N 1 0.

    Raises:
        BadValue: Anything else.
    """
    word = compact(as_text(raw)).lower()
    if word in _YES:
        return True
    if word in _NO:
        return False
    reason = f"“{shorten(word)}”看不出是还是否"
    raise BadValue(reason, "请填“是”或“否”")
