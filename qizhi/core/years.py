"""The year that an address asks for, and the years that a page offers: one piece for all pages.

A year that can be judged is shown, be it in the menu or not. For one that cannot (`abc`, `99999`) the page
shows this year, or every year where the year only narrows a list, and says so above (`unread`). A
file and a form have no room for a word and are refused: nobody gets other numbers under the year asked for.
"""

from __future__ import annotations

import uuid
from functools import cache, cached_property, partial
from typing import cast

from django.apps import apps
from django.db import connection
from django.db.models import UUIDField
from django.http import HttpRequest

from qizhi.core import clock, kept
from qizhi.core.errors import Unread
from qizhi.core.http import actor_of
from qizhi.core.text import shortened
from qizhi.core.unread import WIDEST, say_unread

FIRST_YEAR, LAST_YEAR = 1900, 2100
"""What can be asked for; earlier and later days are no days of any table either."""


class Years:
    """What an address asks for, and what there is.

    Attributes:
        text: what was asked for; empty for nothing.
        year: the year that is shown; None where a list is shown of every year.
    """

    def __init__(self, request: HttpRequest, *, narrows: bool, is_ahead: bool, last: int) -> None:
        """Read the address; nothing is asked of the database yet."""
        self._request, self._this, self._is_ahead, self._last = request, clock.today().year, is_ahead, last
        self.text = request.GET.get("year", "").strip()
        # Digits of full width are decimals, too; so many of them that no year has them are not read.
        found = int(self.text) if self.text.isdecimal() and len(self.text) <= len("99999") else None
        self._problem = self._say_problem(found)
        usual = None if narrows else self._this
        self.year = found if self.text and not self._problem else usual

    def _say_problem(self, found: int | None) -> str:
        if not self.text:
            return ""
        if found is None:
            return f"读不懂“{shortened(self.text, WIDEST)}”：年份要写成四位数字，如{self._this}。"
        if not FIRST_YEAR <= found <= LAST_YEAR:
            return f"查不到{found}年：年份应在{FIRST_YEAR}年到{LAST_YEAR}年之间。"
        return f"{found}年还没有开始，没有可看的内容。" if found > self._last else ""

    @cached_property
    def offered(self) -> list[int]:
        """For the menu, newest first: since the first year with records, and the one shown; one statement."""
        first, last = years_on_record(actor_of(self._request).bureau_id) or (self._this, self._this)
        last = max(self._this + 1, last) if self._is_ahead else self._this
        known = range(min(first, self._this), last + 1)
        return sorted({*known, self.year} - {None}, reverse=True)

    @property
    def words(self) -> str:
        """Chinese: what was asked, why it is not shown, what is shown instead, and which years there are."""
        if not self._problem:
            return ""
        shown = f"下面是{self.year}年的" if self.year else "下面没有按年度筛选"
        return f"{self._problem}{shown}；{self._choice}。"

    @property
    def refusal(self) -> Unread:
        """The words where nothing is shown."""
        return Unread(f"{self._problem}没有生成文件，也没有改用别的年份；{self._choice}。")

    @property
    def _choice(self) -> str:
        first, last = self.offered[-1], self.offered[0]
        return f"可以选{first}年至{last}年" if first < last else f"可以选{last}年"


def year_asked(
    request: HttpRequest, *, is_ahead: bool = False, last: int = LAST_YEAR, is_file: bool = False
) -> int:
    """The year of `?year=`; this year where none is asked, and where none can be read, which the page says.

    Args:
        request: whose address.
        is_ahead: whether the page looks ahead, so that its menu ends with next year or the last year planned.
        last: the last year of which the page can tell anything.
        is_file: whether the answer is a file also where the address names no format.

    Raises:
        Unread: a file or a change is asked for, of a year that cannot be read.
    """
    found = Years(request, narrows=False, is_ahead=is_ahead, last=last)
    return cast("int", _said(request, found, is_file=is_file).year)


def year_narrowing(request: HttpRequest, *, is_ahead: bool = False) -> int | None:
    """The year that narrows a list; None where none is asked or none can be read, which the page says."""
    return _said(request, Years(request, narrows=True, is_ahead=is_ahead, last=LAST_YEAR)).year


def years_offered(request: HttpRequest) -> list[int]:
    """For the menu of a page that has asked by one of the two above; newest first, one statement."""
    return cast("Years", request.years).offered  # type: ignore[attr-defined]


def _said(request: HttpRequest, found: Years, *, is_file: bool = False) -> Years:
    if found.words:
        shown = str(found.year or "")
        say_unread(request, "year", found.words, lambda: found.refusal, shown=shown, is_file=is_file)
    request.years = found  # type: ignore[attr-defined]
    return found


def years_on_record(bureau_id: uuid.UUID) -> tuple[int, int] | None:
    """The first and the last year of which the bureau has rows; None without any. One statement, kept.

    Asked of every table whose model names the day or the year of its rows as `years_by`.
    """
    return kept.keep_small(partial(_years_on_record, bureau_id), "core.years", bureau_id)


def _years_on_record(bureau_id: uuid.UUID) -> tuple[int, int] | None:
    sql, tables = _question()
    if not tables:
        return None
    wanted = UUIDField().get_db_prep_value(bureau_id, connection)
    with connection.cursor() as cursor:
        cursor.execute(sql, [wanted] * tables * 2)
        found = [int(str(one)[:4]) for one in cursor.fetchone() if one]  # days, as the engine gives them
    return (max(min(found), FIRST_YEAR), min(max(found), LAST_YEAR)) if found else None


@cache
def _question() -> tuple[str, int]:
    """The statement, and of how many tables it asks: first and last of each, at the ends of an index."""
    quote, parts = connection.ops.quote_name, []
    named = {model: getattr(model, "years_by", "") for model in apps.get_models()}
    models = {model: name for model, name in named.items() if name}
    for model, name in models.items():
        columns = {field.name: str(field.column) for field in model._meta.fields}
        column = quote(columns[name])
        stands = " AND withdrawn_at IS NULL" if "withdrawn_at" in columns else ""
        source = f"FROM {quote(model._meta.db_table)} WHERE bureau_id = %s{stands}"
        parts += [f"(SELECT min({column}) {source})", f"(SELECT max({column}) {source})"]
    return f"SELECT {', '.join(parts)}", len(models)
