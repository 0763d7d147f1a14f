"""Tables in and out: plans, the three lists, and documents to be finished in time."""

from qizhi.tasks.importers.documents import run_documents
from qizhi.tasks.importers.items import run_items
from qizhi.tasks.importers.ledger import DOCUMENTS, document_row
from qizhi.tasks.importers.plans import PLANS, plan_rows, run_plans

__all__ = ["DOCUMENTS", "PLANS", "document_row", "plan_rows", "run_documents", "run_items", "run_plans"]
