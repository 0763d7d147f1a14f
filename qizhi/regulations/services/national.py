"""Documents that come as files: the national ones with the product, others from whoever prepares a bureau."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.db import transaction

from qizhi.core import audit
from qizhi.core.permissions import Actor
from qizhi.org.models import Bureau
from qizhi.regulations.enums import AppliesBy, ClausePeriod, Subject, VersionStatus
from qizhi.regulations.kinds import kind_by_key
from qizhi.regulations.models import Clause, ClauseCase, Regulation, RegulationAlias, Version
from qizhi.regulations.services.cases import read_case
from qizhi.regulations.services.clause_cases import check_cases, rows_of
from qizhi.regulations.services.entries import read_clause_values, read_document, read_parts, rows_in
from qizhi.regulations.services.files import NATIONAL, national_papers
from qizhi.regulations.services.index import index_bureau
from qizhi.regulations.services.proofs import needs_proof


def load_national_regulations(bureau: Bureau, *, by: Actor) -> list[Regulation]:
    """Give a bureau the national documents that come with the product; returns those that were new."""
    return load_regulations(bureau, folder=NATIONAL, by=by)


@transaction.atomic
def load_regulations(bureau: Bureau, *, folder: Path, by: Actor) -> list[Regulation]:
    """Give a bureau the documents of a folder of YAML files, published; returns those that were new.

    A document that is there already, by its code, is left as it is, so that loading again never undoes what
    the office has edited. The files are written like those in `data/national`.

    Raises:
        ParameterError: a clause's kind is known and cannot use its parameters.
        CaseFileError: a file lacks a field or has a wrong value.
        Refused: a clause costs points, and its cases do not hold or do not show both ways.
    """
    from qizhi.regulations.services.yaml_files import read_yaml  # noqa: PLC0415 - heavy

    held = set(Regulation.objects.filter(bureau=bureau).values_list("code", flat=True))
    entries = {path.name: read_yaml(path) for path in sorted(folder.glob("*.yaml"))}
    new = [_load(bureau, name, entry, by) for name, entry in entries.items() if entry["代码"] not in held]
    index_bureau(bureau.pk, only=[regulation.pk for regulation in new])
    audit.record_many("regulations.add", new, by=by)
    return new


@transaction.atomic
def load_regulation(bureau: Bureau, entry: Mapping[str, Any], *, by: Actor) -> Regulation:
    """Give a bureau the document of one file, published; `entry` is what the file says.

    Raises:
        ParameterError, CaseFileError, Refused: as for `load_regulations`.
    """
    regulation = _load(bureau, by.label, entry, by)
    index_bureau(bureau.pk, only=[regulation.pk])
    audit.record("regulations.add", regulation, by=by)
    return regulation


def _load(bureau: Bureau, file: str, entry: Mapping[str, Any], by: Actor) -> Regulation:
    read = read_document(entry, for_library=True)
    regulation = Regulation.objects.create(
        bureau=bureau,
        code=read["代码"],
        title=read["名称"],
        doc_no=read.get("文号", ""),
        issuer=read["发文机关"],
        level=read["层级"],
        confirmation=read["状态"],
    )
    RegulationAlias.objects.bulk_create(
        RegulationAlias(bureau=bureau, regulation=regulation, name=name) for name in read.get("别名", [])
    )
    parts = read_parts(entry, for_library=True)
    versions = [_version(regulation, file, row, values) for row, values in parts]
    audit.record_many("regulations.publish_version", versions, by=by)
    return regulation


def _version(regulation: Regulation, file: str, entry: Mapping[str, Any], read: Mapping[str, Any]) -> Version:
    version = Version.objects.create(
        bureau_id=regulation.bureau_id,
        regulation=regulation,
        label=read["名称"],
        published_on=read.get("印发"),
        effective_from=read["施行"],
        effective_to=read.get("失效"),
        text=read.get("正文", ""),
        loaded_from=file[:120],
        confirmation=read["状态"],
    )
    entries = rows_in(entry, "条款")
    clauses = [read_clause(version, clause, position) for position, clause in enumerate(entries, start=1)]
    Clause.objects.bulk_create(clauses)
    ClauseCase.objects.bulk_create(
        row
        for clause, written in zip(clauses, entries, strict=True)
        for row in rows_of(clause, [read_case(clause.key, case) for case in rows_in(written, "案例")])
    )
    if any(needs_proof(clause, clause.kind) for clause in clauses):
        # A file is tried like the product's own: the bureau may not have every paper yet.
        check_cases(version, papers=national_papers())
    # Clauses first: to a version that is published none can be added.
    version.status = VersionStatus.PUBLISHED
    version.save(update_fields=["status"])
    return version


def read_clause(version: Version, entry: Mapping[str, Any], position: int) -> Clause:
    """A clause as a file writes it, unsaved.

    Raises:
        ParameterError, CaseFileError: as for `load_regulations`.
    """
    read = read_clause_values(entry, for_library=True)
    kind, parameters = read.get("判定", ""), read.get("参数", {})
    known = kind_by_key(kind)
    if known is not None:
        known.read(parameters)
    return Clause(
        bureau_id=version.bureau_id,
        version=version,
        key=read["代码"],
        number=read.get("条", ""),
        text=read["原文"] if "原文" in read else read["大意"],
        is_quoted="原文" in read,
        kind=kind,
        parameters=parameters,
        points=read.get("分值", 0),
        subject=read.get("对象", Subject.BRANCH),
        period=read.get("周期", ClausePeriod.EACH),
        applies_by=read.get("依据", AppliesBy.EVENT),
        area=read.get("类别", ""),
        evidence=read.get("证据", ""),
        is_general=read.get("一般", False),
        is_enabled=read.get("启用", True),
        confirmation=read["状态"],
        note=read.get("说明", ""),
        position=position,
    )
