"""Pages for what went wrong: what happened, why, what to do next."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from qizhi.core.http import actor_of, to_log_in


def _page(request: HttpRequest, status: int, title: str, text: str) -> HttpResponse:
    return render(request, "web/error.html", {"title": title, "text": text}, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A request nobody can read; the frame is left out, since it may be the cause."""
    del exception
    text = "服务器读不懂这次请求，可能是地址或提交内容不完整。请回到上一页重试。"
    return render(request, "web/bare_error.html", {"title": "请求有误", "text": text}, status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Not for this person."""
    what = str(exception)
    named = f"“{what}”" if what and not what.isascii() else "这个页面"
    text = f"您现在的职务没有{named}的权限。如果工作需要，请联系政工处核对职务登记。"
    return _page(request, 403, "没有权限", text)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Nothing here, or nothing for this person."""
    del exception
    text = "没有这个页面，或者它不在您可以查看的范围内。请从菜单重新进入。"
    return _page(request, 404, "没有找到", text)


def server_error(request: HttpRequest) -> HttpResponse:
    """Our mistake; rendered without the frame, which may itself be the cause."""
    text = "系统出错了，刚才的操作没有保存。请稍后重试；如果仍然不行，请把出错的时间告诉管理员。"
    return render(request, "web/bare_error.html", {"title": "系统出错", "text": text}, status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's token has lapsed or never was; `reason` is Django's and is for developers."""
    del reason
    if actor_of(request).account_id is None:
        return to_log_in(request)
    text = "页面停留过久或登录状态已变化，没有保存。请用浏览器的“返回”回到表单再提交一次，填写的内容还在。"
    return _page(request, 403, "页面已过期", text)
