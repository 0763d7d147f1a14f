"""The work instruction of organisational life as steps; one kind has two versions."""

from __future__ import annotations

from collections.abc import Mapping

from qizhi.gatherings.models import Instruction, Kind
from qizhi.regulations.models import Regulation
from qizhi.sample.rows import Rows, words

SOURCE = "org-life-instruction"
"""Code of the document, see `data/documents`."""


def instruct(rows: Rows, kinds: Mapping[str, Kind]) -> None:
    """All versions of the steps, in memory."""
    for said in words("instructions"):
        rows.add(
            Instruction,
            said["from_on"],
            kind=kinds[said["kind"]],
            steps="\n".join(said["steps"]),
            from_on=said["from_on"],
            to_on=said.get("to_on"),
        )


def name_source(rows: Rows) -> None:
    """Tie the steps to the document they come from, once it is in the library."""
    source = Regulation.objects.filter(bureau=rows.bureau, code=SOURCE).first()
    for row in rows.of(Instruction):
        row.source = source
