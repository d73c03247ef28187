"""Every address of Thor."""

from django.contrib import admin
from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularAPIView

from thor import health, page

admin.site.site_header = admin.site.site_title = "Thor"

handler404 = "thor.page.not_found"

urlpatterns = [
    re_path(r"^healthz/live/?$", health.live, name="live"),
    re_path(r"^healthz/ready/?$", health.ready, name="ready"),
    re_path(r"^api/schema/?$", SpectacularAPIView.as_view(), name="schema"),
    path("api/auth/", include("desk.urls")),
    path("api/schwab/", include("livedata.schwab.urls")),
    path("api/livedata/", include("livedata.urls")),
    path("api/", include("actandpos.urls")),
    path("admin/", admin.site.urls),
    path("", page.page, name="page"),
]
