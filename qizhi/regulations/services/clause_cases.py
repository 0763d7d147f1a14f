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
from qizhi.regulations.services.cases import GoldenCase, Tried, read_case, try_case
from qizhi.regulations.services.drafts import check_draft, mark_changed
from qizhi.regulations.services.marks import CaseFileError

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

    cases = [_entry(row) for row in rows]
    return write_yaml(cases) if cases else ""


def _entry(row: ClauseCase) -> dict[str, Any]:
    case = {"名称": row.name, "给定": row.given, "结果": row.expected}
    return {**case, "含": row.contains} if row.contains else case


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


def try_version(version: Version, only: uuid.UUID | None = None) -> dict[uuid.UUID, list[Tried]]:
    """The cases of every clause of a version, or of one, with those published; five queries or fewer."""
    published = Version.objects.published().filter(
        bureau_id=version.bureau_id, regulation_id=version.regulation_id
    )
    days = {one.pk: _days(one, version) for one in published.exclude(pk=version.pk)}
    days[version.pk] = (version.effective_from, version.effective_to)
    rows = Clause.objects.filter(version_id__in=list(days)).exclude(kind="")
    clauses: dict[str, list[CaseClause]] = {}
    own = {}
    for clause in rows.select_related("version__regulation"):
        read = _as_case_clause(clause, *days[clause.version_id])
        if read is not None:
            clauses.setdefault(clause.kind, []).append(read)
        if clause.version_id == version.pk and only in {None, clause.pk}:
            own[clause.pk] = clause
    papers = papers_for(version.bureau_id)
    found: dict[uuid.UUID, list[Tried]] = {key: [] for key in own}
    for row in ClauseCase.objects.filter(clause_id__in=list(own)):
        found[row.clause_id].append(_try(own[row.clause_id], row, clauses, papers))
    return found


def _days(other: Version, version: Version) -> tuple[dt.date, dt.date | None]:
    """The days of a published version once this one is: an open one that began before ends the day before."""
    is_ended = other.effective_to is None and other.effective_from < version.effective_from
    return other.effective_from, version.effective_from - ONE_DAY if is_ended else other.effective_to


def _as_case_clause(clause: Clause, from_on: dt.date, to_on: dt.date | None) -> CaseClause | None:
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
        case = read_case(clause.key, _entry(row))
    except CaseFileError as error:
        given = row.given if isinstance(row.given, Mapping) else {}
        shown = GoldenCase(clause.key, row.name, given, str(row.expected))
        return Tried(shown, problem=f"案例写得不对，没有验算。{error}")
    kind = kind_by_key(clause.kind)
    if kind is None or not any(one.key == clause.key for one in clauses.get(clause.kind, [])):
        return Tried(case, problem="条款的判定类型或参数有误，案例无法验算")
    own = next((one for one in clauses[clause.kind] if _is_own(one, clause)), None)
    case = replace(case, of=own)
    tried = try_case(case, kind, clauses[clause.kind], papers)
    others = [one for one in clauses[clause.kind] if not _is_own(one, clause)]
    if not any(one.key == clause.key for one in others):
        return tried
    # Without the clause itself the same comes out: an earlier version of it has judged.
    return replace(tried, is_earlier=try_case(case, kind, others, papers).outcomes == tried.outcomes)


def _is_own(one: CaseClause, clause: Clause) -> bool:
    return one.key == clause.key and one.from_on == clause.version.effective_from


def check_cases(version: Version) -> None:
    """Refuse a version of which a golden case does not hold."""
    keys = dict(version.clauses.values_list("pk", "key"))
    for clause_id, tried in try_version(version).items():
        failed = next((one for one in tried if one.problem), None)
        if failed is not None:
            why = failed.problem.rstrip("。")
            message = (
                f"条款 {keys[clause_id]} 的案例“{failed.case.name}”不符，不能发布：{why}。"
                "请改正条款或案例后再发布。"
            )
            raise Refused(message)


class Gap(NamedTuple):
    """What the cases of a clause leave open, in Chinese; while cases fail, it is not published."""

    words: str
    is_failing: bool = False


def gaps(version: Version, keys: Iterable[str]) -> dict[str, Gap]:
    """What the cases of changed clauses leave open before a draft is published, by key of the clause.

    A clause that judges and whose cases do not hold, or none of which its new wording decides: the change
    has been tried by nobody.
    """
    clauses = {clause.pk: clause for clause in version.clauses.filter(is_enabled=True).exclude(kind="")}
    wanted, found = set(keys), {}
    for clause_id, tried in try_version(version).items():
        clause = clauses.get(clause_id)
        failed = [one.case.name for one in tried if one.problem]
        if clause is None:
            continue
        if failed:
            more = "等" if len(failed) > 1 else ""
            said = f"有{len(failed)}个案例不符（{failed[0]}{more}），改正条款或案例后才能发布。"
            found[clause.key] = Gap(said, is_failing=True)
        elif clause.key in wanted and not tried:
            found[clause.key] = Gap("没有案例，改动没有验算过。")
        elif clause.key in wanted and all(one.is_earlier for one in tried):
            found[clause.key] = Gap("案例里的事都发生在施行以前，没有一个用到这次的改动。")
    return found
