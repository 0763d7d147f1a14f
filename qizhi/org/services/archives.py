"""Which version wrote an archive, and whether this one can take its rows as they are.

An archive of an earlier version may lack columns that came later: they get their default, as they do when a
database is brought up to date. What has no default, or what this version has no place for, is refused and
never guessed or dropped; that archive goes in by way of the version that wrote it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import field
from typing import Any

from django.apps import apps
from django.db import models
from django.db.migrations.loader import MigrationLoader

from qizhi import VERSION
from qizhi.core.errors import Refused
from qizhi.core.values import dataclass

_EMPTY: tuple[object, ...] = (None, "", [], {}, False)
_LONGEST = 60
_OURS = "qizhi."


@dataclass(frozen=True)
class Writer:
    """Who wrote an archive.

    Attributes:
        version: of the product; empty where the archive does not say it.
        schema: the last migration of each app that it knew.
        exported_on: when, as it says.
        is_newer: it knows migrations that this version does not know.
    """

    version: str = ""
    schema: Mapping[str, str] = field(default_factory=dict)
    exported_on: str = ""
    is_newer: bool = False

    def refused(self, what: str, app: str = "") -> Refused:
        """That the archive cannot be taken in, by whom it was written, and which way it goes all the same."""
        known = f"{app} 的数据结构到 {self.schema[app]}" if app in self.schema else ""
        said = "，".join(filter(None, (self.exported_on and f"{self.exported_on}导出", known)))
        name = f"旗帜 {self.version}" if self.version else "没有写明版本的早期旗帜"
        writer = f"{name}（{said}）" if said else name
        if self.is_newer:
            return Refused(
                f"归档由较新的{writer}写出，本系统是 {VERSION}，没有导入：{what}。请先升级本系统，再导入。"
            )
        return Refused(
            f"归档由{writer}写出，本系统是 {VERSION}，没有导入：{what}。"
            "请用写出它的版本导入一个空库，把那个库升级到本版本，重新导出以后再导入。"
        )


def signature() -> dict[str, Any]:
    """What an archive says of its writer."""
    return {"version": VERSION, "schema": dict(_schema())}


def writer_of(manifest: Mapping[str, Any]) -> Writer:
    """Who wrote the archive of a manifest; nonsense counts as nothing said.

    Raises:
        Refused: a newer version did.
    """
    version, told = manifest.get("version"), manifest.get("schema")
    schema = (
        {str(app): name for app, name in told.items() if isinstance(name, str) and len(name) <= _LONGEST}
        if isinstance(told, dict)
        else {}
    )
    known = MigrationLoader(None).disk_migrations or {}
    strange = sorted(f"{app} {name}" for app, name in schema.items() if (app, name) not in known)
    writer = Writer(
        version=version if isinstance(version, str) and len(version) <= _LONGEST else "",
        schema=schema,
        exported_on=str(manifest.get("exported_at", ""))[:10],
        is_newer=bool(strange),
    )
    if strange:
        raise writer.refused(f"这里没有它的数据结构（{'、'.join(strange[:3])}）")
    return writer


def _schema() -> Iterator[tuple[str, str]]:
    """The last migration of each app of ours."""
    ours = {one.label for one in apps.get_app_configs() if one.name.startswith(_OURS)}
    for app, name in MigrationLoader(None).graph.leaf_nodes():
        if app in ours:
            yield app, name


def check_tables(writer: Writer, counts: Mapping[str, Any], known: Collection[str]) -> None:
    """That there is a place for every table that has rows.

    Raises:
        Refused: one has none.
    """
    strange = sorted(str(label) for label, number in counts.items() if number and label not in known)
    if strange:
        raise writer.refused(f"本版本没有地方放 {'、'.join(strange[:5])} 的记录")


class Fitting:
    """How the lines of a table fit its columns; each set of names is looked at once."""

    def __init__(self, model: type[models.Model], left_behind: Iterable[str], writer: Writer) -> None:
        """Keep the columns.

        Args:
            model: whose table.
            left_behind: columns that archives never have.
            writer: of the archive.
        """
        self._model, self._writer = model, writer
        columns = [one for one in model._meta.concrete_fields if one.name not in set(left_behind)]
        self._columns = {one.attname: one for one in columns}
        self._known = {*self._columns, *(one.name for one in model._meta.local_many_to_many)}
        self._seen: dict[frozenset[str], list[str]] = {}

    def check(self, line: Mapping[str, Any]) -> None:
        """That nothing is missing that has no default, and nothing is there that has no place.

        Raises:
            Refused: it is.
        """
        names = frozenset(line)
        if names not in self._seen:
            self._seen[names] = sorted(names - self._known)
            missing = [
                one for name, one in self._columns.items() if name not in names and not _has_default(one)
            ]
            if missing:
                raise self._refused("缺少没有默认值的", missing)
        full = [name for name in self._seen[names] if line[name] not in _EMPTY]
        if full:
            raise self._refused("有本版本没有的", full)

    def _refused(self, what: str, columns: Iterable[Any]) -> Refused:
        words = [getattr(one, "verbose_name", one) for one in columns]
        table = self._model._meta.verbose_name
        return self._writer.refused(
            f"“{table}”{what}列“{'”“'.join(map(str, words))}”", self._model._meta.app_label
        )


def _has_default(column: models.Field[Any, Any]) -> bool:
    """Whether a row can do without the column: never without its key."""
    if column.primary_key:
        return False
    return column.null or column.has_default() or (column.blank and column.empty_strings_allowed)
