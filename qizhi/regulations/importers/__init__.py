"""Tables in and out: the papers of the working calendar, and what branches are excused from."""

from qizhi.regulations.importers.exemptions import EXEMPTIONS, run_exemptions
from qizhi.regulations.importers.papers import PAPERS, run_papers

__all__ = ["EXEMPTIONS", "PAPERS", "run_exemptions", "run_papers"]
