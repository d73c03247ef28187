"""Routes of the person's room, under `/api/auth/`."""

from django.urls import re_path

from desk.views import LoginView, LogoutView, SessionView

urlpatterns = [
    re_path(r"^session/?$", SessionView.as_view(), name="session"),
    re_path(r"^login/?$", LoginView.as_view(), name="login"),
    re_path(r"^logout/?$", LogoutView.as_view(), name="logout"),
]
