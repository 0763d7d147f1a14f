"""A bureau copied into another in the database itself: many bureaus for a benchmark in little time.

Every key is a UUID, and in the keys of a copy five hexadecimal digits (those in which `rows.Ids` writes the
number of the bureau) are replaced by the number of the copy. So all references still meet, and no two
bureaus share a key. Foreign keys are checked at the end of the transaction on both engines.
"""

from __future__ import annotations

from django.db import connection, models, transaction

from qizhi.core import audit
from qizhi.core.permissions import system
from qizhi.org.models import Bureau, BureauRow
from qizhi.org.services.arrivals import arriving
from qizhi.org.services.transfer import derived_models, transferred_models
from qizhi.sample.build import new_bureau
from qizhi.sample.rows import COUNT_BITS, NUMBER_BITS

DIGITS = 32
LENGTH = NUMBER_BITS // 4
FIRST = DIGITS - COUNT_BITS // 4 - LENGTH + 1
"""Place of the first digit of the number, counted from 1."""


@transaction.atomic
def copy_bureau(source: Bureau, number: int) -> Bureau:
    """Copy a bureau and all that belongs to it, but for accounts and the log, into sample bureau `number`.

    Raises:
        IntegrityError: the bureau is there already.
    """
    bureau = new_bureau(number)
    with arriving(bureau.pk):
        bureau.save(force_insert=True)
        for model in [*transferred_models(), *derived_models()]:
            if issubclass(model, BureauRow):
                _copy_all(model, source, number)
    audit.record("sample.copy", bureau, by=system(bureau.pk), after={"source": source.code})
    return bureau


def _copy_all(model: type[models.Model], source: Bureau, number: int) -> None:
    """The rows of a model with its plain links."""
    _copy(model, "bureau_id", source, number)
    for relation in model._meta.local_many_to_many:
        through = relation.remote_field.through
        if through is not None and through._meta.auto_created:
            _copy_links(through, model, source, number)


def _copy(model: type[models.Model], bureau_column: str, source: Bureau, number: int) -> None:
    quote = _quote
    columns = [field.column for field in model._meta.concrete_fields]
    values = [_value(field, number) for field in model._meta.concrete_fields]
    table = quote(model._meta.db_table)
    statement = (
        f"INSERT INTO {table} ({', '.join(map(quote, columns))}) SELECT {', '.join(values)} "  # noqa: S608 - names of our own models
        f"FROM {table} WHERE {quote(bureau_column)} = %s"
    )
    _run(statement, source)


def _copy_links(through: type[models.Model], owner: type[models.Model], source: Bureau, number: int) -> None:
    """Rows of a plain many-to-many table: its owner carries the bureau, its own key is a counter."""
    quote = _quote
    fields = [field for field in through._meta.concrete_fields if not field.primary_key]
    to_owner = next(field for field in fields if field.related_model is owner)
    table, owners = quote(through._meta.db_table), quote(owner._meta.db_table)
    statement = (
        f"INSERT INTO {table} ({', '.join(quote(field.column) for field in fields)}) "  # noqa: S608 - as above
        f"SELECT {', '.join(_value(field, number) for field in fields)} FROM {table} "
        f"WHERE {quote(to_owner.column)} IN (SELECT id FROM {owners} WHERE bureau_id = %s)"
    )
    _run(statement, source)


def _value(field: models.Field[object, object], number: int) -> str:
    """The column as it is, or the key with the number of the copy in it."""
    column = _quote(field.column)
    target = field.target_field if isinstance(field, models.ForeignKey) else field
    if not isinstance(target, models.UUIDField):
        return column
    digits = f"{number:0{LENGTH}x}"
    if connection.vendor == "sqlite":
        return f"substr({column}, 1, {FIRST - 1}) || '{digits}' || substr({column}, {FIRST + LENGTH})"
    plain = f"replace({column}::text, '-', '')"
    return f"overlay({plain} placing '{digits}' from {FIRST} for {LENGTH})::uuid"


def _quote(name: str | None) -> str:
    return connection.ops.quote_name(name or "")


def _run(statement: str, source: Bureau) -> None:
    key = Bureau._meta.pk.get_db_prep_value(source.pk, connection)
    with connection.cursor() as cursor:
        cursor.execute(statement, [key])
