"""The single page: the built front end, served at `/`."""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django.views.defaults import page_not_found

from desk.problems import problem

NOT_BUILT = "The front end is not built yet. Run `make run`, or `npm run build` in frontend/."


@require_safe
@never_cache
def page(request: HttpRequest) -> HttpResponse:
    """Serve the page; from `localhost`, move to the address of the callback first.

    Cookies belong to one host name: who signs in at `localhost` would come back from Schwab to `127.0.0.1` as a
    stranger.
    """
    home = urlsplit(settings.SCHWAB_CALLBACK_URL)
    here = request.get_host()
    if home.hostname == "127.0.0.1" and here.split(":")[0] == "localhost" and here.endswith(f":{home.port}"):
        return HttpResponseRedirect(f"{request.scheme}://{home.netloc}{request.get_full_path()}")
    # The collected page goes with the collected assets; one that was built meanwhile names others.
    for folder in (settings.STATIC_ROOT, settings.FRONTEND_DIST):
        index = folder / "index.html"
        if index.is_file():
            return HttpResponse(index.read_bytes(), content_type="text/html; charset=utf-8")
    return HttpResponse(NOT_BUILT, status=503, content_type="text/plain; charset=utf-8")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer an unknown address: the API in its one shape, anything else with Django's page."""
    if request.path.startswith("/api/"):
        return problem(404, "not_found", "There is nothing at this address.")
    return page_not_found(request, exception)
