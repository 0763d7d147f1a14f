"""Leave, secondment and probation excuse from points, and who was cleared stays so: told to every run."""

from __future__ import annotations

from qizhi.conduct.queries.excuses import excused_during
from qizhi.conduct.queries.findings import cleared_slots
from qizhi.regulations.kinds import register_cleared, register_excuses

register_excuses(excused_during)
register_cleared(cleared_slots)
