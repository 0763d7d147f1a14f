"""Golden cases of the clauses of a bureau: kept as rows, written as YAML, tried before publication."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from django.db import transaction

from qizhi.core import audit
from qizhi.core.errors import Refused
from qizhi.core.permissions import Actor
from qizhi.regulations.kinds import CaseClause, ParameterError, kind_by_key
from qizhi.regulations.models import Clause, ClauseCase, Version
from qizhi.regulations.queries import papers_for
from qizhi.regulations.rules import Paper
from qizhi.regulations.services.cases import GoldenCase, Tried, read_case, try_case
from qizhi.regulations.services.drafts import check_draft, mark_changed
from qizhi.regulations.services.marks import CaseFileError
from qizhi.regulations.services.proofs import lacking, needs_proof

ONE_DAY = dt.timedelta(days=1)
MOST = 200


def rows_of(clause: Clause, cases: Sequence[GoldenCase]) -> list[ClauseCase]:
    """The rows of the cases of a clause, unsaved."""
    return [
        ClauseCase(
            bureau_id=clause.bureau_id,
            clause=clause,
            position=position,
            name=case.name,
            given=case.given,
            expected=case.expected,
            contains=list(case.contains),
        )
        for position, case in enumerate(cases, start=1)
    ]


def text_of(rows: Iterable[ClauseCase]) -> str:
    """The cases as a person writes them; empty where there are none."""
    from qizhi.regulations.services.yaml_files import write_yaml  # noqa: PLC0415 - heavy

    cases = [entry_of(row) for row in rows]
    return write_yaml(cases) if cases else ""


def entry_of(row: ClauseCase | GoldenCase) -> dict[str, Any]:
    """A case as files write it."""
    case = {"名称": row.name, "给定": row.given, "结果": row.expected}
    return {**case, "含": list(row.contains)} if row.contains else case


def read_text(clause: Clause, text: str) -> list[GoldenCase]:
    """The cases that a text holds.

    Raises:
        Refused: it is no YAML, no list of cases, or a case lacks something; field `text`.
    """
    from qizhi.regulations.services.yaml_files import parse_marked  # noqa: PLC0415 - heavy

    try:
        entries = parse_marked(text) or []
    except CaseFileError as error:
        message = f"没有保存。{error}请照页面上的样子写：每个案例以“- 名称:”开头，冒号后空一格。"
        raise Refused(message, "text") from error
    if not isinstance(entries, list) or len(entries) > MOST:
        message = f"应写成一列案例（至多{MOST}个），每个以“- 名称:”开头，没有保存。"
        raise Refused(message, "text")
    return [_read(clause, number, entry) for number, entry in enumerate(entries, start=1)]


def _read(clause: Clause, number: int, entry: Any) -> GoldenCase:
    try:
        return read_case(clause.key, entry)
    except CaseFileError as error:
        raise Refused(f"第{number}个案例没有保存：{error}", "text") from error


@transaction.atomic
def save_cases(*, clause: Clause, text: str, by: Actor) -> list[ClauseCase]:
    """Replace the cases of a clause of a draft by those of the text.

    Raises:
        Refused: the version is published, or the text cannot be read (field `text`).
    """
    check_draft(clause.version)
    cases = read_text(clause, text)
    before = {"cases": text_of(clause.cases.all())}
    clause.cases.all().delete()
    rows = ClauseCase.objects.bulk_create(rows_of(clause, cases))
    mark_changed(clause.version, by)
    audit.record("regulations.save_cases", clause, by=by, before=before, after={"cases": text_of(rows)})
    return rows


def try_version(
    version: Version,
    only: uuid.UUID | None = None,
    *,
    papers: Sequence[Paper] | None = None,
    written: Sequence[ClauseCase] | None = None,
) -> dict[uuid.UUID, list[Tried]]:
    """The cases of every clause of a version, or of one, with those published; five queries or fewer.

    Args:
        version: a draft or a published one.
        only: key of the only clause whose cases are tried.
        papers: they say which days are worked; those of the bureau, unless others are given.
        written: rows that stand for those that are saved.
    """
    published = Version.objects.published().filter(
        bureau_id=version.bureau_id, regulation_id=version.regulation_id
    )
    days = {one.pk: _days(one, version) for one in published.exclude(pk=version.pk)}
    days[version.pk] = (version.effective_from, version.effective_to)
    rows = Clause.objects.filter(version_id__in=list(days)).exclude(kind="")
    clauses: dict[str, list[CaseClause]] = {}
    own = {}
    for clause in rows.select_related("version__regulation"):
        read = as_case_clause(clause, *days[clause.version_id])
        if read is not None:
            clauses.setdefault(clause.kind, []).append(read)
        if clause.version_id == version.pk and only in {None, clause.pk}:
            own[clause.pk] = clause
    papers = papers_for(version.bureau_id) if papers is None else papers
    found: dict[uuid.UUID, list[Tried]] = {key: [] for key in own}
    saved = ClauseCase.objects.filter(clause_id__in=list(own)) if written is None else written
    for row in saved:
        found[row.clause_id].append(_try(own[row.clause_id], row, clauses, papers))
    return found


def _days(other: Version, version: Version) -> tuple[dt.date, dt.date | None]:
    """The days of a published version once this one is: an open one that began before ends the day before."""
    is_ended = other.effective_to is None and other.effective_from < version.effective_from
    return other.effective_from, version.effective_from - ONE_DAY if is_ended else other.effective_to


def as_case_clause(clause: Clause, from_on: dt.date, to_on: dt.date | None) -> CaseClause | None:
    """A clause with its days, as cases are tried on it; None where its kind cannot use it."""
    kind = kind_by_key(clause.kind)
    try:
        parameters = kind.read(clause.parameters) if kind else None
    except ParameterError:
        parameters = None
    if parameters is None or (to_on is not None and to_on < from_on):
        return None
    return CaseClause(
        key=clause.key,
        source=clause.source,
        parameters=parameters,
        subject=clause.subject,
        from_on=from_on,
        to_on=to_on,
        is_general=clause.is_general,
        points=clause.points,
        is_enabled=clause.is_enabled,
    )


def _try(clause: Clause, row: ClauseCase, clauses: Mapping[str, list[CaseClause]], papers: Any) -> Tried:
    try:  # what an earlier release has saved, or what came from elsewhere, may be no case
        case = read_case(clause.key, entry_of(row))
    except CaseFileError as error:
        given = row.given if isinstance(row.given, Mapping) else {}
        shown = GoldenCase(clause.key, row.name, given, str(row.expected))
        return Tried(shown, problem=f"案例写得不对，没有验算。{error}")
    kind = kind_by_key(clause.kind)
    if kind is None or not any(one.key == clause.key for one in clauses.get(clause.kind, [])):
        return Tried(case, problem="条款的判定类型或参数有误，案例无法验算")
    own = next((one for one in clauses[clause.kind] if _is_own(one, clause)), None)
    case = replace(case, of=own)
    judging = _as_though_on(clauses[clause.kind], own)
    tried = try_case(case, kind, judging, papers)
    others = [one for one in judging if not _is_own(one, clause)]
    if not any(one.key == clause.key for one in others):
        return tried
    # Without the clause itself the same comes out: an earlier version of it has judged.
    if try_case(case, kind, others, papers).outcomes != tried.outcomes:
        return tried
    differing = [one for one in others if one.key != clause.key or not _judges_alike(one, own)]
    is_proof = len(differing) < len(others)
    if is_proof and differing:
        is_proof = try_case(case, kind, differing, papers).outcomes != tried.outcomes
    return replace(tried, is_earlier=True, is_proof=is_proof)


def _as_though_on(clauses: Sequence[CaseClause], own: CaseClause | None) -> list[CaseClause]:
    """The clauses; of one that is switched off its earlier versions, too, say what they would judge."""
    if own is None or own.is_enabled:
        return list(clauses)
    return [replace(one, is_enabled=True) if one.key == own.key and one != own else one for one in clauses]


def _judges_alike(one: CaseClause, other: CaseClause | None) -> bool:
    """Whether two versions of a clause say the same of the same facts; what that costs is no part of it."""
    if other is None:
        return False
    return (one.parameters, one.subject, one.is_general) == (
        other.parameters,
        other.subject,
        other.is_general,
    )


def _is_own(one: CaseClause, clause: Clause) -> bool:
    return one.key == clause.key and one.from_on == clause.version.effective_from


def check_cases(version: Version, papers: Sequence[Paper] | None = None) -> None:
    """Refuse a version of which a golden case does not hold, or a clause that costs points unproved.

    Raises:
        Refused: with the clause, and what is wrong with its cases or which are missing.
    """
    clauses = {clause.pk: clause for clause in version.clauses.all()}
    found = try_version(version, papers=papers)
    for clause_id, tried in found.items():
        failed = next((one for one in tried if one.problem), None)
        if failed is not None:
            why = failed.problem.rstrip("。")
            message = (
                f"条款 {clauses[clause_id].key} 的案例“{failed.case.name}”不符，不能发布：{why}。"
                "请改正条款或案例后再发布。"
            )
            raise Refused(message)
    for clause_id, tried in found.items():
        if said := unproved(clauses[clause_id], tried):
            raise Refused(f"条款 {clauses[clause_id].key} {said}")


def unproved(clause: Clause, tried: Iterable[Tried]) -> str:
    """Chinese: which cases a clause lacks that costs points; empty where it has them or needs none."""
    if not needs_proof(clause, clause.kind):
        return ""
    tried = list(tried)
    if not (missing := lacking(one.case for one in tried if one.is_proof)):
        return ""
    is_earlier = any(not one.is_proof for one in tried)
    why = "施行以前的案例由原版本判定，不算在内。" if is_earlier else ""
    return f"会扣分，还缺{missing}案例，不能发布。{why}请在“案例”里补上，验算相符后再发布。"


class Gap(NamedTuple):
    """What the cases of a clause leave open, in Chinese; while it is blocking, nothing is published."""

    words: str
    is_blocking: bool = False
    clause_id: uuid.UUID | None = None


def gaps(version: Version, keys: Iterable[str]) -> dict[str, Gap]:
    """What the cases of clauses leave open before a draft is published, by key of the clause.

    A clause of which a case does not hold, or that costs points unproved, holds the version back. Beside it
    stands what has no case at all, and, of those that are changed (`keys`), what none of the cases decides by
    its new wording: the change has been tried by nobody.
    """
    clauses = {clause.pk: clause for clause in version.clauses.exclude(kind="")}
    wanted, found = set(keys), {}
    for clause_id, tried in try_version(version).items():
        clause = clauses[clause_id]
        said, is_blocking = _gap(clause, tried, is_changed=clause.key in wanted)
        if said:
            found[clause.key] = Gap(said, is_blocking, clause_id)
    return found


def _gap(clause: Clause, tried: Sequence[Tried], *, is_changed: bool) -> tuple[str, bool]:
    failed = [one.case.name for one in tried if one.problem]
    if failed:
        more = "等" if len(failed) > 1 else ""
        return f"有{len(failed)}个案例不符（{failed[0]}{more}），改正条款或案例后才能发布。", True
    if said := unproved(clause, tried):
        return said, True
    if not tried:
        why = "已停用" if not clause.is_enabled else "不扣分"
        return f"没有案例{'，改动没有验算过' if is_changed else ''}（{why}，可以发布）。", False
    if is_changed and clause.is_enabled and all(one.is_earlier for one in tried):
        return "案例里的事都发生在施行以前，没有一个用到这次的改动。", False
    return "", False
