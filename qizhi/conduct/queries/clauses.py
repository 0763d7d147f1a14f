"""Clauses by which cases are judged."""

from __future__ import annotations

import uuid

from django.db.models import QuerySet

from qizhi.regulations.models import Clause, Version


def clauses_with_points(bureau_id: uuid.UUID) -> QuerySet[Clause]:
    """Enabled clauses of every published version that cost points, newest version first."""
    versions = Version.objects.published().filter(bureau_id=bureau_id)
    clauses = Clause.objects.filter(bureau_id=bureau_id, is_enabled=True, points__lt=0, version__in=versions)
    return clauses.select_related("version__regulation").order_by("-version__effective_from", "position")
