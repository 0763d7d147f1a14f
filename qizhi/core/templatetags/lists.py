"""The components of long lists: their pages, all of them on paper, and the files in which they leave."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import template
from django.http import QueryDict
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from qizhi.core.paging import WHOLE, may_be_whole

register = template.Library()


def _at_page(context: template.Context, to: str) -> str:
    """The address of another page of the list that one looks at, with its filters."""
    query: QueryDict = context["request"].GET.copy()
    query["page"] = to
    return f"?{query.urlencode()}"


@register.simple_tag(takes_context=True)
def pager(context: template.Context, page: Any) -> SafeString:
    """The other pages of a list, with its filters, and all of it on one; on paper which of how many it is."""
    count = page.paginator.count
    if not page.has_other_pages():
        is_whole = context["request"].GET.get("page") == WHOLE
        back = format_html(' <a href="{}">分页显示</a>', _at_page(context, "1")) if is_whole else ""
        return format_html('<p class="pager">共 {} 条{}</p>', count, back)
    before = after = whole = ""
    if page.has_previous():
        before = format_html('<a rel="prev" href="{}">上一页</a>', _at_page(context, str(page.number - 1)))
    if page.has_next():
        after = format_html('<a rel="next" href="{}">下一页</a>', _at_page(context, str(page.number + 1)))
    if may_be_whole(page):
        whole = format_html('<a href="{}">全部列出</a>', _at_page(context, WHOLE))
    return format_html(
        '<nav class="pager" aria-label="翻页">{0} <span>{1}</span> {2} {3}</nav>'
        '<p class="print-only">{1}；这里只有这一页。</p>',
        before,
        f"第 {page.number} / {page.paginator.num_pages} 页，共 {count} 条",
        after,
        whole,
    )


@register.simple_tag(takes_context=True)
def printing(context: template.Context, page: Any, *, is_quiet: bool = False) -> SafeString:
    """The button that prints a list with all its rows; of a longer one what is seen, which the paper says."""
    classes = "btn btn-link btn-sm js-only" if is_quiet else "btn btn-outline-secondary"
    if may_be_whole(page):
        words = f"打印全部 {page.paginator.count} 条"
        return format_html('<a class="{}" href="{}#print">{}</a>', classes, _at_page(context, WHOLE), words)
    words = "打印本页" if page.has_other_pages() else "打印"
    return format_html('<button type="button" class="{}" data-print>{}</button>', classes, words)


@register.simple_tag(takes_context=True)
def exports(context: template.Context, *, formats: str = "xlsx,csv") -> SafeString:
    """Links that take the list as it is filtered now out of the system."""
    query = {key: value for key, value in context["request"].GET.items() if key not in {"page", "format"}}
    return format_html(
        '<span class="exports">导出 {}</span>',
        format_html_join(
            " ",
            '<a href="?{}" download>{}</a>',
            ((urlencode({**query, "format": kind}), kind.upper()) for kind in formats.split(",")),
        ),
    )
