"""Addresses of the front of the house."""

from __future__ import annotations

from django.urls import path

from qizhi.web import views

app_name = "web"
urlpatterns = [
    path("", views.home, name="home"),
    path("login/", views.log_in, name="login"),
]
