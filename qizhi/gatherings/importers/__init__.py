"""Tables of gatherings in and out; see `gatherings`, which does it, and `columns`, which says of what."""

from __future__ import annotations

from qizhi.core.imports import Importer, register
from qizhi.gatherings.importers.columns import schema_for
from qizhi.gatherings.importers.gatherings import export_gatherings, run_gatherings
from qizhi.gatherings.permissions import RECORD

GATHERINGS = register(
    Importer(
        key="gatherings.gatherings",
        label="活动",
        wanted=RECORD,
        schema=schema_for,
        run=run_gatherings,
        export=export_gatherings,
        note="按组织、日期、类型和名称识别；已登记的更新，没有登记的新增；空白的格不改动已有内容。",
        listing="gatherings:gatherings",
        pace=1_000,
    )
)

__all__ = ["GATHERINGS", "export_gatherings", "run_gatherings", "schema_for"]
