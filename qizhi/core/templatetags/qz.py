"""The components: strict tags, so that a misspelt argument fails when the template loads.

Loaded into every template. The gallery page shows each of them.
"""

from __future__ import annotations

import datetime as dt
import decimal
from collections.abc import Iterable
from typing import Any

from django import template
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect, Textarea
from django.forms.forms import BaseForm
from django.middleware.csrf import get_token
from django.template.base import FilterExpression, Parser, Token
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from qizhi.core import clock, periods
from qizhi.core.kept import keep

register = template.Library()

STATES = {
    "done": "已完成",
    "due": "未到期",
    "missing": "缺",
    "na": "不适用",
    "excused": "已批准",
    "late": "已补录",
    "unknown": "未知",
}
NOTES = {"info", "ok", "warn", "error"}


@register.simple_block_tag(end_name="endpagehead")
def pagehead(content: str, *, title: str, lead: str = "") -> SafeString:
    """Top of a page: the title, one sentence that answers, and the actions."""
    return format_html(
        '<header class="page-head"><div><h1>{}</h1>{}</div>{}</header>',
        title,
        format_html('<p class="lead">{}</p>', lead) if lead else "",
        format_html('<div class="page-actions">{}</div>', content) if content.strip() else "",
    )


@register.simple_block_tag(end_name="endcard")
def card(
    content: str,
    *,
    title: str = "",
    id: str = "",  # noqa: A002 - HTML's word
    note: str = "",
    folded: int | None = None,
) -> SafeString:
    """A group of things that belong together; with a number in `folded` it shows only that it has so many."""
    head = format_html('<h2 class="card-title">{}{}</h2>', title, _small(note)) if title else ""
    body = '<div class="card-body">{}{}</div>'
    if folded is not None:
        number = format_html('<span class="fold-number">{} 条</span>', folded)
        head = format_html('<summary class="card-body">{}{}</summary>', head, number)
        body = '<details class="fold">{}<div class="card-body">{}</div></details>'
    return format_html(f'<section class="card"{{}}>{body}</section>', _id(id), head, content)


@register.simple_block_tag(end_name="enddatatable")
def datatable(content: str, *, label: str, id: str = "", is_stacked: bool = False) -> SafeString:  # noqa: A002
    """A dense table; the content is thead and tbody.

    On a phone it scrolls sideways by itself, or with `is_stacked` each row becomes a small card: for tables
    whose last column is what one came for.
    """
    return format_html(
        '<div class="table-responsive" tabindex="0" role="region" aria-label="{}">'
        '<table class="table data{}"{}>'
        '<caption class="visually-hidden">{}</caption>{}</table></div>',
        label,
        " stacked" if is_stacked else "",
        _id(id),
        label,
        content,
    )


@register.simple_block_tag(end_name="endempty")
def empty(content: str, *, title: str) -> SafeString:
    """What an empty page says: the fact, and what to do next."""
    return format_html('<div class="empty"><p class="empty-title">{}</p><div>{}</div></div>', title, content)


@register.simple_block_tag(end_name="endnote")
def note(content: str, *, kind: str = "info", title: str = "") -> SafeString:
    """A message in the page: info, ok, warn or error."""
    if kind not in NOTES:
        message = f"note kind {kind!r} is not one of {sorted(NOTES)}"
        raise template.TemplateSyntaxError(message)
    role = "alert" if kind == "error" else "status"
    head = format_html("<strong>{}</strong> ", title) if title else ""
    return format_html('<div class="note note-{}" role="{}">{}{}</div>', kind, role, head, content)


@register.simple_block_tag(end_name="endfacts")
def facts(content: str) -> SafeString:
    """A list of named values."""
    return format_html('<dl class="facts">{}</dl>', content)


@register.simple_block_tag(end_name="endfact")
def fact(content: str, *, label: str) -> SafeString:
    """A named value inside `facts`; nothing is a dash."""
    return format_html("<div><dt>{}</dt><dd>{}</dd></div>", label, content if content.strip() else "—")


@register.simple_block_tag(takes_context=True, end_name="endpostform")
def postform(
    context: template.Context,
    content: str,
    *,
    action: str = "",
    draft: str = "",
    label: str = "",
    has_files: bool = False,
    is_long: bool = False,
) -> SafeString:
    """A form that writes; `draft` keeps what was typed under that key until it is saved.

    Then the browser keeps nothing of its own: on the way back after saving it would fill in half of the form.
    The button of one that `is_long` counts the seconds until the answer is there.
    """
    return format_html(
        '<form method="post" action="{}" novalidate{}{}{}{}>'
        '<input type="hidden" name="csrfmiddlewaretoken" value="{}">{}</form>',
        action,
        format_html(' data-draft="{}" autocomplete="off"', draft) if draft else "",
        format_html(' aria-label="{}"', label) if label else "",
        mark_safe(' enctype="multipart/form-data"') if has_files else "",
        mark_safe(" data-long") if is_long else "",
        get_token(context["request"]),
        content,
    )


@register.simple_block_tag(end_name="endfilters")
def filters(content: str, *, label: str = "筛选") -> SafeString:
    """A row of filters; works without JavaScript."""
    return format_html(
        '<form method="get" class="filters" role="search" aria-label="{}">{}'
        '<button class="btn btn-outline-secondary btn-sm">{}</button></form>',
        label,
        content,
        label,
    )


@register.simple_tag
def choice(
    *,
    name: str,
    label: str,
    choices: Iterable[Any],
    chosen: object = "",
    every: str = "",
    key: str = "",
    word: str = "",
) -> SafeString:
    """One of the `filters`.

    Args:
        name: of the input.
        label: what it narrows.
        choices: pairs of value and label, values that say themselves, or rows.
        chosen: the value that is chosen now.
        every: label of the empty choice that narrows nothing; without it something is always chosen.
        key: where choices are rows, the column that is the value.
        word: what follows each label, such as 年.
    """
    pairs = [
        one if isinstance(one, tuple) else (getattr(one, key) if key else one, f"{one}{word}")
        for one in choices
    ]
    pairs = [("", every), *pairs] if every else pairs
    # Written here and not in a template: a list has a hundred choices, and this is ten times as fast.
    options = "".join(
        f'<option value="{escape(str(value))}"{" selected" if str(value) == str(chosen) else ""}>'
        f"{escape(str(text))}</option>"
        for value, text in pairs
    )
    return format_html(
        '<label class="filter">{} <select class="form-select form-select-sm" name="{}">{}</select></label>',
        label,
        name,
        mark_safe(options),  # noqa: S308 - each part is escaped above
    )


class KeptNode(template.Node):
    """A part of a page that is rendered once for its key while nothing is written."""

    def __init__(self, inside: template.NodeList, key: FilterExpression) -> None:
        """What stands inside, and what it depends on."""
        self.inside, self.key = inside, key

    def render(self, context: template.Context) -> SafeString:
        """The part, from what is kept if it is there."""
        return keep(lambda: self.inside.render(context), "fragment", self.key.resolve(context))


@register.tag(name="kept")
def kept_part(parser: Parser, token: Token) -> KeptNode:
    """`{% kept key %}…{% endkept %}`: for long tables; the inside may depend on the key alone."""
    words = token.split_contents()
    if len(words) != 2:  # noqa: PLR2004 - the tag and its key
        message = "kept takes one argument, the key that its content depends on"
        raise template.TemplateSyntaxError(message)
    inside = parser.parse(("endkept",))
    parser.delete_first_token()
    return KeptNode(inside, parser.compile_filter(words[1]))


@register.simple_block_tag(end_name="endmore")
def more(content: str, *, summary: str, is_open: bool = False) -> SafeString:
    """Something that unfolds."""
    return format_html(
        '<details class="more"{}><summary>{}</summary><div class="more-body">{}</div></details>',
        mark_safe(" open") if is_open else "",
        summary,
        content,
    )


@register.simple_block_tag(end_name="endtile")
def tile(content: str, *, label: str, note: str = "") -> SafeString:
    """A number that is read from afar, with its name under it."""
    return format_html(
        '<div class="tile"><div class="tile-number">{}</div><div class="tile-label">{}</div>{}</div>',
        content,
        label,
        _small(note),
    )


@register.simple_block_tag(end_name="endtiles")
def tiles(content: str) -> SafeString:
    """A row of tiles."""
    return format_html('<div class="tiles">{}</div>', content)


@register.simple_block_tag(end_name="endfootbar")
def footbar(content: str) -> SafeString:
    """The bar with a form's buttons; it stays in sight on a phone."""
    return format_html('<div class="footbar">{}</div>', content)


@register.simple_tag
def field(bound: BoundField, *, label: str = "", hint: str = "") -> SafeString:
    """One input with its label, hint and errors."""
    widget = bound.field.widget
    name, text, target = label or bound.label or "", hint or str(bound.help_text), bound.id_for_label
    needed = mark_safe('<span class="needed" aria-hidden="true">＊</span>') if bound.field.required else ""
    below = format_html("{}{}", _hint(target, text) if text else "", _errors(bound))
    control = bound.as_widget(attrs=_attributes(bound, text))
    if isinstance(widget, CheckboxSelectMultiple | RadioSelect):
        return format_html(
            '<fieldset class="field"><legend class="form-label">{}{}</legend>{}{}</fieldset>',
            name,
            needed,
            control,
            below,
        )
    if isinstance(widget, CheckboxInput):
        return format_html(
            '<div class="field form-check">{}<label class="form-check-label" for="{}">{}</label>{}</div>',
            control,
            target,
            name,
            below,
        )
    return format_html(
        '<div class="field"><label class="form-label" for="{}">{}{}</label>{}{}</div>',
        target,
        name,
        needed,
        control,
        below,
    )


def _attributes(bound: BoundField, hint: str) -> dict[str, Any]:
    described = [f"{bound.id_for_label}_hint"] if hint else []
    described += [f"{bound.id_for_label}_error"] if bound.errors else []
    attrs: dict[str, Any] = {"class": _widget_class(bound.field.widget, has_error=bool(bound.errors))}
    if described:
        attrs["aria-describedby"] = " ".join(described)
    if bound.errors:
        attrs["aria-invalid"] = "true"
    return attrs


def _errors(bound: BoundField) -> str:
    if not bound.errors:
        return ""
    texts = format_html_join(" ", "{}", ((error,) for error in bound.errors))
    return format_html('<div class="field-error" id="{}_error">{}</div>', bound.id_for_label, texts)


@register.simple_tag
def form_errors(form: BaseForm) -> SafeString:
    """The errors of the form as a whole, and how many inputs need another look."""
    general = form.non_field_errors()
    count = sum(1 for name in form.errors if name != "__all__")
    if not general and not count:
        return mark_safe("")
    where = (
        format_html("<p>有 {} 处需要修改，已在下方标出；已填写的内容都保留着。</p>", count) if count else ""
    )
    return format_html(
        '<div class="note note-error" role="alert" tabindex="-1" data-focus>{}{}{}</div>',
        format_html_join("", "<p>{}</p>", ((e,) for e in general)),
        where,
        _seen(getattr(form, "see", None)),
    )


def _seen(row: Any) -> SafeString:
    """A way to the row that stands in the way, in a window of its own: what was typed stays here."""
    if row is None:
        return mark_safe("")
    link = '<p><a href="{}" target="_blank" rel="noopener">查看“{}”</a>（新窗口打开）</p>'
    return format_html(link, row.get_absolute_url(), row)


@register.simple_tag
def state(kind: str, text: str = "") -> SafeString:
    """A state in words; the colour only helps."""
    if kind not in STATES:
        message = f"state {kind!r} is not one of {sorted(STATES)}"
        raise template.TemplateSyntaxError(message)
    return format_html('<span class="state state-{}">{}</span>', kind, text or STATES[kind])


@register.simple_tag
def number(*, text: object, href: str, label: str, is_page: bool = False) -> SafeString:
    """A number that opens to its rows in the drawer, or on their page without JavaScript or with `is_page`.

    A nought that leads to a page has no rows there and is not linked.
    """
    if is_page and not text:
        return format_html("{}", text)
    drawer = "" if is_page else format_html(' hx-get="{}" hx-target="#drawer-body"', href)
    return format_html(
        '<a class="figure" href="{}"{} aria-label="{}：{}，查看明细">{}</a>', href, drawer, label, text, text
    )


@register.simple_tag
def button(
    text: str, *, href: str = "", kind: str = "secondary", name: str = "", value: str = "", sending: str = ""
) -> SafeString:
    """A link or submit button: primary (one a page), secondary, quiet or danger.

    `sending`: what a primary one says once it is pressed.
    """
    classes = {
        "primary": "btn btn-primary",
        "secondary": "btn btn-outline-secondary",
        "quiet": "btn btn-link",
        "danger": "btn btn-outline-dark",
    }[kind]
    if href:
        return format_html('<a class="{}" href="{}">{}</a>', classes, href, text)
    named = format_html(' name="{}" value="{}"', name, value) if name else ""
    told = format_html(' data-sending="{}"', sending) if sending else ""
    return format_html('<button type="submit" class="{}"{}{}>{}</button>', classes, named, told, text)


@register.simple_tag
def crumbs(*pairs: str) -> SafeString:
    """The way back: text and address in turn, the last text without an address."""
    items = [(pairs[i], pairs[i + 1] if i + 1 < len(pairs) else "") for i in range(0, len(pairs), 2)]
    return format_html(
        '<nav aria-label="位置" class="crumbs"><ol class="breadcrumb">{}</ol></nav>',
        format_html_join(
            "",
            "{}",
            (
                (
                    format_html('<li class="breadcrumb-item"><a href="{}">{}</a></li>', address, text)
                    if address
                    else format_html('<li class="breadcrumb-item active" aria-current="page">{}</li>', text),
                )
                for text, address in items
            ),
        ),
    )


@register.simple_tag
def bar(*, done: int, total: int, label: str) -> SafeString:
    """A share as a bar with its words."""
    if not total:
        return format_html('<span class="share">{} —</span>', label)
    return format_html(
        '<span class="share"><progress value="{}" max="{}" aria-label="{}"></progress> {}/{}</span>',
        done,
        total,
        label,
        done,
        total,
    )


@register.simple_tag
def picture(svg: str) -> SafeString:
    """A chart made by `core.charts`, which escapes what it is given."""
    return format_html('<figure class="chart" tabindex="0">{}</figure>', mark_safe(svg))  # noqa: S308 - made by core.charts


@register.filter
def day(value: dt.date | dt.datetime | None) -> str:
    """2018年1月2日; an instant with its time."""
    if value is None:
        return "—"
    if isinstance(value, dt.datetime):
        local = value.astimezone(clock.ZONE)
        return f"{periods.say_day(local.date())} {local:%H:%M}"
    return periods.say_day(value)


@register.filter
def iso_day(value: str | None) -> str:
    """A day that was stored as text, said as `day` says it."""
    return periods.say_day(dt.date.fromisoformat(value)) if value else "—"


@register.filter
def plain(value: decimal.Decimal | None) -> str:
    """A decimal without needless zeros: 2, 1.5; "—" for nothing."""
    return "—" if value is None else f"{value.normalize():f}"


def _widget_class(widget: object, *, has_error: bool) -> str:
    bad = " is-invalid" if has_error else ""
    if isinstance(widget, CheckboxInput):
        return f"form-check-input{bad}"
    if isinstance(widget, CheckboxSelectMultiple | RadioSelect):
        return "choice-list"
    if hasattr(widget, "choices") and not isinstance(widget, Textarea):
        return f"form-select{bad}"
    return f"form-control{bad}"


def _small(text: str) -> str:
    return format_html(' <small class="text-muted">{}</small>', text) if text else ""


def _id(value: str) -> str:
    return format_html(' id="{}"', value) if value else ""


def _hint(target: str, text: str) -> str:
    return format_html('<div class="form-text" id="{}_hint">{}</div>', target, text)
