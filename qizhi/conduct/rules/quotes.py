"""How the rule of a case is quoted: by the words that were copied when it was drafted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

LAPSED = "申诉期满"
"""How the step begins with which a decision became final without an appeal."""


def cite(rule: Mapping[str, Any]) -> str:
    """Document, its number, the version and the clause: 《…》（甲发〔2016〕1号）试行，第二条."""
    number = f"（{rule['doc_no']}）" if rule.get("doc_no") else ""
    clause = f"，{rule['number']}" if rule.get("number") else ""
    return f"《{rule.get('document', '')}》{number}{rule.get('version', '')}{clause}"
