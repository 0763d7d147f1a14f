"""Addresses of the front of the house."""

from __future__ import annotations

from django.urls import path

from qizhi.web.views import account, home

app_name = "web"
urlpatterns = [
    path("", home.home, name="home"),
    path("login/", account.log_in, name="login"),
    path("logout/", account.log_out, name="logout"),
]
