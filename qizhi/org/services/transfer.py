"""Everything can leave: a bureau as a zip of JSON lines, and back into a copy that does not hold it.

The archive holds `manifest.json` (format, bureau, row counts, by which version it was written) and a file
`app.model.jsonl` for each kind of row, one row a line, columns by name as Django writes them to text.
Passwords stay behind: an account comes back without one. Files waiting to be imported stay behind too, and
words without a name (ADR 9), and so do rows that follow from others (`derived_by`): they are made anew where
their bureau comes in. For archives of other versions see `archives`.
"""

from __future__ import annotations

import base64
import json
import tempfile
import uuid
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from typing import IO, Any, cast

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import Error, connection, models, transaction
from django.utils.module_loading import import_string

from qizhi.core import audit, clock
from qizhi.core.db import statistics
from qizhi.core.errors import Refused
from qizhi.core.models import AuditEvent
from qizhi.core.permissions import Actor, system
from qizhi.org.models import Account, Bureau, BureauRow
from qizhi.org.services.archives import Fitting, Writer, check_tables, signature, writer_of
from qizhi.org.services.arrivals import arriving

FORMAT = 1
BATCH = 500
MAX_LINE = 60 * 1024 * 1024
_LEFT_BEHIND = {"org.account": {"password"}}


def transferred_models() -> list[type[models.Model]]:
    """Every kind of row that belongs to a bureau, each after those it points to.

    What its owner seals (`sealed_by`) comes before the owner: the database would refuse it afterwards.
    """
    found = [model for model in apps.get_models() if issubclass(model, BureauRow) and not _derived_by(model)]
    ordered: list[type[models.Model]] = [Bureau]
    waiting: list[type[models.Model]] = [*found, Account]
    needs = {model: _needs(model) for model in waiting}
    while waiting:
        ready = [model for model in waiting if not needs[model] & (set(waiting) - {model})]
        ordered += ready
        waiting = [model for model in waiting if model not in ready]
    return [*ordered, AuditEvent]


def derived_models() -> list[type[models.Model]]:
    """Every kind of row that follows from others of its bureau."""
    return [model for model in apps.get_models() if issubclass(model, BureauRow) and _derived_by(model)]


def rebuild_derived(bureau_id: uuid.UUID) -> None:
    """Make the rows of a bureau that follow from others anew."""
    for path in dict.fromkeys(_derived_by(model) for model in derived_models()):
        import_string(path)(bureau_id)


def _derived_by(model: type[models.Model]) -> str:
    """The path of the service that makes the rows of a model from others; empty for rows of their own."""
    return str(getattr(model, "derived_by", ""))


def _needs(model: type[models.Model]) -> set[Any]:
    sealed_by = getattr(model, "sealed_by", ())
    fields = [field for field in model._meta.concrete_fields if field.is_relation]
    needed = {field.related_model for field in fields if field.name not in sealed_by}
    return needed | {other for other in apps.get_models() if _seals(model, other)}


def _seals(owner: type[models.Model], other: type[models.Model]) -> bool:
    """Whether rows of `other` can no longer come in once their owner is here."""
    sealed_by = getattr(other, "sealed_by", ())
    return any(other._meta.get_field(name).related_model is owner for name in sealed_by)


def _rows(model: type[models.Model], bureau_id: uuid.UUID) -> models.QuerySet[Any]:
    manager = model._base_manager
    if model is Bureau:
        return manager.filter(pk=bureau_id)
    return manager.filter(bureau_id=bureau_id).order_by("pk")


def export_bureau(bureau: Bureau, *, by: Actor) -> IO[bytes]:
    """Write the archive into a temporary file, rewound; it disappears when closed."""
    target = cast("IO[bytes]", tempfile.TemporaryFile())  # noqa: SIM115 - the caller closes it
    counts: dict[str, int] = {}
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for model in transferred_models():
            label = model._meta.label_lower
            with archive.open(f"{label}.jsonl", "w", force_zip64=True) as file:
                counts[label] = _write(file, model, bureau.pk)
        manifest = {
            "format": FORMAT,
            "bureau": {"id": str(bureau.pk), "code": bureau.code, "name": bureau.name},
            "exported_at": clock.now().isoformat(timespec="seconds"),
            **signature(),
            "counts": counts,
        }
        archive.writestr("manifest.json", json.dumps(manifest, ensure_ascii=False, indent=1))
    audit.record("org.export_bureau", bureau, by=by, after={"rows": sum(counts.values())})
    target.seek(0)
    return target


def _write(file: IO[bytes], model: type[models.Model], bureau_id: uuid.UUID) -> int:
    left = _LEFT_BEHIND.get(model._meta.label_lower, set())
    columns = [column for column in model._meta.concrete_fields if column.name not in left]
    many = [relation for relation in model._meta.local_many_to_many if _is_plain(relation)]
    rows = _rows(model, bureau_id).prefetch_related(*(relation.name for relation in many))
    count = 0
    for count, row in enumerate(rows.iterator(chunk_size=1000), start=1):  # noqa: B007 - the last is the count
        line = {column.attname: _to_json(column, row) for column in columns}
        for relation in many:
            line[relation.name] = sorted(str(item.pk) for item in getattr(row, relation.name).all())
        file.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
    return count


def _is_plain(relation: models.ManyToManyField[Any, Any]) -> bool:
    """Whether Django made the table in between; our own are kinds of row of their own."""
    through = relation.remote_field.through
    return bool(through and through._meta.auto_created)


def _to_json(column: models.Field[Any, Any], row: models.Model) -> object:
    value = getattr(row, column.attname)
    if value is None or isinstance(value, bool | int) or isinstance(column, models.JSONField):
        return value
    if isinstance(column, models.BinaryField):
        return base64.b64encode(bytes(value)).decode()
    return column.value_to_string(row)


def _from_json(column: models.Field[Any, Any], value: Any) -> Any:
    if value is None or isinstance(column, models.JSONField):
        return value
    if isinstance(column, models.BinaryField):
        return base64.b64decode(value)
    target = column.target_field if column.is_relation else column  # type: ignore[attr-defined]
    return target.to_python(value)


class _Names:
    """What must be the only one of its name in a database: the code of a bureau, a name to log in with."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.changed: dict[str, str] = {}

    def settle(self, rows: list[models.Model]) -> None:
        """Give the bureau its code here; a user name that somebody has gets that code behind it."""
        for row in rows:
            if isinstance(row, Bureau):
                row.code = self.code
        accounts = [row for row in rows if isinstance(row, Account)]
        names = [account.username for account in accounts]
        taken = set(Account.objects.filter(username__in=names).values_list("username", flat=True))
        for account in accounts:
            account.set_unusable_password()
            if account.username in taken:
                self.changed[account.username] = account.username = f"{account.username}-{self.code}"


@transaction.atomic
def import_bureau(source: IO[bytes], *, by_label: str = "系统", code: str = "") -> Bureau:
    """Take an archive into a database that does not hold its bureau; all or nothing.

    Args:
        source: the archive.
        by_label: who takes it in, for the log, which also tells which user names had to change.
        code: for the bureau in this database; the one that the archive says, if none is given.

    Raises:
        Refused: no archive of ours, another format, a bureau that is here already or a code that another one
            has, rows that are missing, or rows of another version that this one has no place for.
    """
    with _opened(source) as archive:
        manifest = _manifest(archive)
        if code:
            _check_code(code)
        names = _Names(code or manifest["bureau"]["code"])
        _check_free(manifest, names.code)
        writer, places = writer_of(manifest), transferred_models()
        known = {one._meta.label_lower for one in [*places, *derived_models()]}
        check_tables(writer, manifest["counts"], known)
        with arriving(uuid.UUID(manifest["bureau"]["id"])):
            for model in places:
                _take(archive, model, manifest["counts"].get(model._meta.label_lower, 0), writer, names)
    bureau: Bureau = Bureau.objects.get(pk=manifest["bureau"]["id"])
    try:
        connection.check_constraints()
    except Error as problem:
        message = "归档里有指向不存在记录的内容，没有导入。请重新导出。"
        raise Refused(message) from problem
    rebuild_derived(bureau.pk)
    statistics.refresh()
    told = {"用户名": names.changed} if names.changed else {}
    audit.record(
        "org.import_bureau", bureau, by=system(bureau.pk, by_label), after=audit.snapshot(bureau) | told
    )
    return bureau


def _check_free(manifest: Mapping[str, Any], code: str) -> None:
    name = manifest["bureau"]["name"]
    if Bureau.objects.filter(pk=manifest["bureau"]["id"]).exists():
        raise Refused(f"“{name}”已在这个库里，导入只能进入没有它的库。")
    other = Bureau.objects.filter(code=code).first()
    if other is not None:
        raise Refused(
            f"代码“{code}”在这个库里已是“{other.name}”的，没有导入。请给“{name}”另起一个代码，"
            "例如 import_bureau 文件 --code second。",
            "code",
        )


def _check_code(code: str) -> None:
    try:
        Bureau._meta.get_field("code").clean(code, None)
    except ValidationError as problem:
        raise Refused(f"“{code}”不能作代码，没有导入：{''.join(problem.messages)}", "code") from None


def _take(
    archive: zipfile.ZipFile, model: type[models.Model], wanted: int, writer: Writer, names: _Names
) -> None:
    """Take the rows of a model in, and no fewer than the archive says it has."""
    found = _read(archive, model, writer, names) if wanted else 0
    if found != wanted:
        message = f"归档不完整：{model._meta.verbose_name}应有 {wanted} 条，实有 {found} 条。请重新导出。"
        raise Refused(message)


def _opened(source: IO[bytes]) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(source)
    except zipfile.BadZipFile:
        message = "这不是旗帜导出的归档（zip）。请选择“全库导出”得到的文件。"
        raise Refused(message) from None


def _manifest(archive: zipfile.ZipFile) -> dict[str, Any]:
    try:
        manifest = json.loads(archive.read("manifest.json"))
        uuid.UUID(manifest["bureau"]["id"])
        is_known = manifest["format"] == FORMAT and isinstance(manifest["counts"], dict)
        is_known = is_known and isinstance(manifest["bureau"]["code"], str)
    except (KeyError, ValueError, TypeError):
        is_known, manifest = False, {}
    if not is_known:
        message = "归档的清单缺失或版本不符，无法导入。请用同一版本的系统重新导出。"
        raise Refused(message)
    return cast("dict[str, Any]", manifest)


def _read(archive: zipfile.ZipFile, model: type[models.Model], writer: Writer, names: _Names) -> int:
    columns = {column.attname: column for column in model._meta.concrete_fields}
    many = {relation.name: relation for relation in model._meta.local_many_to_many if _is_plain(relation)}
    fitting = Fitting(model, _LEFT_BEHIND.get(model._meta.label_lower, ()), writer)
    count = 0
    for batch in _batches(_lines(archive, model._meta.label_lower)):
        rows: list[models.Model] = []
        links: list[tuple[Any, models.Model, list[str]]] = []
        for line in batch:
            fitting.check(line)
            try:
                values = {
                    name: _from_json(columns[name], value) for name, value in line.items() if name in columns
                }
                row = model(**values)
            except (TypeError, ValueError, ValidationError):
                message = f"{model._meta.verbose_name}第 {count + len(rows) + 1} 行无法读取，没有导入。"
                raise Refused(message) from None
            rows.append(row)
            links += [(relation, row, line.get(name, [])) for name, relation in many.items()]
        names.settle(rows)
        try:
            with transaction.atomic():
                model._base_manager.bulk_create(rows, batch_size=BATCH)
        except Error as problem:
            what = (
                f"“{model._meta.verbose_name}”第{count + 1}至{count + len(rows)}行里有本版本的规则不容的内容"
            )
            raise writer.refused(what, model._meta.app_label) from problem
        for relation, owner, keys in links:
            getattr(owner, relation.name).set(keys)
        count += len(rows)
    return count


def _lines(archive: zipfile.ZipFile, label: str) -> Iterator[dict[str, Any]]:
    try:
        with archive.open(f"{label}.jsonl") as file:
            while line := file.readline(MAX_LINE):
                yield json.loads(line)
    except (KeyError, ValueError, zipfile.BadZipFile):
        message = f"归档里的 {label} 无法读取，没有导入。请重新导出。"
        raise Refused(message) from None


def _batches(lines: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    batch: list[dict[str, Any]] = []
    for line in lines:
        batch.append(line)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
