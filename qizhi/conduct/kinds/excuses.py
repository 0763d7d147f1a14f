"""Leave, secondment and probation excuse from points: told to every run."""

from __future__ import annotations

from qizhi.conduct.queries.excuses import excused_during
from qizhi.regulations.kinds import register_excuses

register_excuses(excused_during)
