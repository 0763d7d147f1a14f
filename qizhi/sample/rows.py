"""Rows of one invented bureau, made in memory with keys that are the same at every build."""

from __future__ import annotations

import datetime as dt
import random
import uuid
from collections import defaultdict
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import yaml
from django.db import models

from qizhi.core.db.pour import pour_rows
from qizhi.org.models import Bureau

DATA = Path(__file__).parent / "data"
EPOCH = dt.date(1970, 1, 1)
DAY_MS = 86_400_000
VERSION, VARIANT = 7 << 76, 2 << 62
NUMBER_BITS, COUNT_BITS = 20, 40
M = TypeVar("M", bound=models.Model)


@cache
def words(name: str) -> Any:
    """A file of `data/`: what the sample says is data, how it comes about is code."""
    return yaml.load((DATA / f"{name}.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)


def chance(*key: object) -> random.Random:
    """A stream of chance for one purpose; the same key gives the same stream on every machine.

    Each purpose has its own, so that a later `until` adds rows and never changes earlier ones.
    """
    return random.Random("|".join(str(part) for part in key))  # noqa: S311 - invented data, not a secret


class Ids:
    """Keys in the layout of UUIDv7: the day, the number of the bureau, a running number."""

    def __init__(self, number: int) -> None:
        """Start counting for the bureau of that number (1 to 2**20 - 1)."""
        if not 0 < number < 1 << NUMBER_BITS:
            message = f"a sample bureau has a number from 1 to {(1 << NUMBER_BITS) - 1}, not {number}"
            raise ValueError(message)
        self._number = number << COUNT_BITS
        self._count = 0

    def at(self, day: dt.date) -> uuid.UUID:
        """The next key, which sorts by the day."""
        self._count += 1
        stamp = (day - EPOCH).days * DAY_MS << 80
        return uuid.UUID(int=stamp | VERSION | VARIANT | self._number | self._count)


class Rows:
    """What was made so far, a list for each model in the order of making."""

    def __init__(self, bureau: Bureau, ids: Ids) -> None:
        """An empty set of rows of the bureau."""
        self.bureau = bureau
        self.ids = ids
        self.made: dict[type[models.Model], list[Any]] = defaultdict(list)
        self.links: dict[type[models.Model], list[Any]] = defaultdict(list)

    def add(self, model: type[M], day: dt.date, **values: Any) -> M:
        """A row of the bureau, not yet saved; `day` decides where its key sorts."""
        row = model(id=self.ids.at(day), bureau_id=self.bureau.pk, **values)
        self.made[model].append(row)
        return row

    def link(self, through: type[models.Model], **sides: models.Model) -> None:
        """That two rows belong together, in the table between theirs."""
        self.links[through].append(through(**{f"{name}_id": row.pk for name, row in sides.items()}))

    def adopt(self, row: M, day: dt.date) -> M:
        """Take in a row that a service has worked out, under a key of ours."""
        row.pk = self.ids.at(day)
        self.made[type(row)].append(row)
        return row

    def of(self, model: type[M]) -> list[M]:
        """The rows of a model."""
        return self.made[model]

    def save(self, order: Sequence[type[Any]]) -> None:
        """Write all rows, models in the order of their keys."""
        left = set(self.made) - set(order)
        if left:
            message = f"rows of {sorted(model.__name__ for model in left)} have no place in the order"
            raise ValueError(message)
        for model in order:
            pour_rows(model, self.made[model])
        for through, links in self.links.items():
            through._base_manager.bulk_create(links)

    def counts(self) -> dict[str, int]:
        """Number of rows by model."""
        return {model._meta.label: len(rows) for model, rows in self.made.items()}
