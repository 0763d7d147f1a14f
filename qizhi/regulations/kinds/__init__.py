"""Kinds of clause: the ground that pillars build theirs on."""

from __future__ import annotations

from qizhi.regulations.kinds.base import (
    Judgement,
    Kind,
    all_kinds,
    kind_by_key,
    register,
)
from qizhi.regulations.kinds.parameters import (
    QUOTA_PARAMETERS,
    Parameter,
    ParameterError,
    ParameterType,
    read_parameters,
)

__all__ = [
    "QUOTA_PARAMETERS",
    "Judgement",
    "Kind",
    "Parameter",
    "ParameterError",
    "ParameterType",
    "all_kinds",
    "kind_by_key",
    "read_parameters",
    "register",
]
