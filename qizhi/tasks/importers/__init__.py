"""Tables in and out: plans, and documents to be finished in time."""

from qizhi.tasks.importers.documents import run_documents
from qizhi.tasks.importers.ledger import DOCUMENTS, document_row
from qizhi.tasks.importers.plans import PLANS, plan_rows, run_plans

__all__ = ["DOCUMENTS", "PLANS", "document_row", "plan_rows", "run_documents", "run_plans"]
