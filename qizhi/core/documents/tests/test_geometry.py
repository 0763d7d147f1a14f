"""What the docx and the PDF writer measure alike."""

from __future__ import annotations

import pytest

from qizhi.core.documents.geometry import tail_start
from qizhi.core.documents.model import Heading, Paragraph, Table

LONG = Paragraph.of("书面的交本局纪检干部；口头的由经办人当面记录，本人核对签字，也可以直接提交。")


@pytest.mark.parametrize(
    ("blocks", "start"),
    [
        ((), 0),
        ((LONG, LONG), 1),
        ((LONG, Paragraph.of("决定人：甲。"), Paragraph.of("签收人：")), 0),
        ((LONG, Heading(1, "五、理由"), Paragraph.of("属实。"), Paragraph.of("签收人：")), 2),
        ((LONG, *[Paragraph.of("短。")] * 6), 6),
        ((Table(("甲",), ()), Paragraph.of("短。")), 1),
    ],
)
def test_single_lines_at_the_end_go_with_the_signature_together_with_what_is_longer(blocks, start):
    assert tail_start(blocks) == start
