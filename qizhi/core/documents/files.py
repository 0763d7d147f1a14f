"""Documents as files, with the fonts of this installation.

The writers are heavy and loaded when a document is written: the server starts sooner, and only the process
that writes one holds them.
"""

from __future__ import annotations

import datetime as dt

from django.conf import settings

from qizhi.core.documents.model import Document

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
CONTENT_TYPES = {"docx": DOCX, "pdf": "application/pdf"}
"""Type of each kind of file."""


def docx_of(document: Document, made_at: dt.datetime, creator: str) -> bytes:
    """The document as docx; equal input gives equal bytes."""
    from qizhi.core.documents.docx import write_docx  # noqa: PLC0415 - heavy

    return write_docx(document, font_dirs=settings.PDF_FONT_DIRS, made_at=made_at, creator=creator)


def pdf_of(document: Document, made_at: dt.datetime, creator: str) -> bytes:
    """The document as PDF; equal input gives equal bytes."""
    from qizhi.core.documents.pdf import write_pdf  # noqa: PLC0415 - heavy

    # The typesetter takes whole seconds in a zone of fixed offset alone.
    zone = dt.timezone(made_at.utcoffset() or dt.timedelta())
    fixed = made_at.astimezone(zone).replace(microsecond=0)
    return write_pdf(document, font_dirs=settings.PDF_FONT_DIRS, made_at=fixed, creator=creator)
