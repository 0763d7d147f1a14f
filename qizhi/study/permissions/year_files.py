"""Who closes the study file of a year; the centre group fetched and checked for a person."""

from __future__ import annotations

import uuid

from django.http import Http404

from qizhi.core.permissions import Actor, Permission, Scope, permission
from qizhi.org.enums import Role, UnitKind
from qizhi.org.models import Unit
from qizhi.org.permissions import unit_for
from qizhi.study.models import YearFile

CLOSE_FILE = permission(
    key="study.close_file",
    label="归档中心组学习档案",
    held_by=((Role.STUDY_SECRETARY, Scope.OWN_UNIT), (Role.AFFAIRS_OFFICER, Scope.ALL)),
)


def centre_group_for(actor: Actor, wanted: Permission, unit_id: uuid.UUID) -> Unit:
    """The centre group, if `wanted` covers it; Http404 for strangers and for units of other kinds."""
    unit = unit_for(actor, wanted, unit_id)
    if unit.kind != UnitKind.CENTRE_GROUP:
        raise Http404
    return unit


def closed_file_for(actor: Actor, wanted: Permission, year_file_id: uuid.UUID) -> YearFile:
    """The closing of a file, if `wanted` covers its centre group; Http404 otherwise."""
    rows = YearFile.objects.filter(actor.reach(wanted).units(), pk=year_file_id)
    found: YearFile | None = rows.select_related("unit").first()
    if found is None:
        raise Http404
    return found
