"""The browser's way: authorize, sign in, second factor, consent, and the redirect to the callback."""

import uuid
from urllib.parse import quote

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from simulator.oauth.flows import Flow
from simulator.oauth.html import Tick, consent_page, second_factor_page, sign_in_page
from simulator.oauth.tokens import new_code
from simulator.simulation import Simulation, simulation_of
from simulator.wire.answers import HtmlPage
from simulator.wire.errors import access_denied, oauth_error

PASSWORDS = {"demo": "demo", "other": "other"}
SECOND_FACTOR = "123456"


async def authorize(request: Request) -> Response:
    """GET /v1/oauth/authorize."""
    simulation = simulation_of(request)
    params = request.query_params
    if params.get("client_id", "") != simulation.settings.client_id:
        return oauth_error(401, "invalid_client", "Unauthorized")
    redirect_uri = params.get("redirect_uri", "")
    if redirect_uri not in simulation.settings.callbacks:
        return access_denied(request.url.path)
    if params.get("response_type", "code") != "code":
        return oauth_error(400, "unsupported_response_type", "400 Bad Request")
    flow = Flow(simulation.settings.client_id, redirect_uri, params.get("state"))
    return HtmlPage(sign_in_page(simulation.flows.begin(flow)))


async def sign_in(request: Request) -> Response:
    """POST of the first page."""
    simulation, identifier, flow, form = await _step(request)
    if flow is None:
        return _lost()
    if form.get("choice") == "cancel":
        return _declined(simulation, identifier, flow)
    login = str(form.get("login", "")).strip()
    if PASSWORDS.get(login) != form.get("password"):
        return HtmlPage(sign_in_page(identifier, "That login ID and password do not match."))
    flow.login, flow.step = login, 1
    return HtmlPage(second_factor_page(identifier, SECOND_FACTOR))


async def second_factor(request: Request) -> Response:
    """POST of the second page."""
    simulation, identifier, flow, form = await _step(request)
    if flow is None or flow.step < 1:
        return _lost()
    if form.get("choice") == "cancel":
        return _declined(simulation, identifier, flow)
    if str(form.get("code", "")).strip() != SECOND_FACTOR:
        return HtmlPage(second_factor_page(identifier, SECOND_FACTOR, "That code is not right."))
    flow.step = 2
    return _ask_consent(simulation, identifier, flow)


async def consent(request: Request) -> Response:
    """POST of the third page: the redirect with a code, or with an error."""
    simulation, identifier, flow, form = await _step(request)
    if flow is None or flow.step < 2:
        return _lost()
    if form.get("choice") == "cancel":
        return _declined(simulation, identifier, flow)
    own = {account.number for account in simulation.world.of_login(flow.login)}
    ticked = tuple(str(value) for value in form.getlist("account") if value in own)
    if not ticked:
        return _ask_consent(simulation, identifier, flow, "Tick at least one account, or cancel.")
    code = new_code()
    simulation.store.new_code(code, flow.login, flow.client_id, ticked, flow.redirect_uri)
    simulation.flows.end(identifier)
    return _redirect(flow, f"code={quote(code, safe='')}&session={uuid.uuid4()}")


async def _step(request: Request) -> tuple[Simulation, str, Flow | None, FormData]:
    simulation = simulation_of(request)
    form = await request.form()
    identifier = str(form.get("flow", ""))
    return simulation, identifier, simulation.flows.get(identifier), form


def _ask_consent(simulation: Simulation, identifier: str, flow: Flow, problem: str = "") -> Response:
    ticks = [
        Tick(account.number, f"{account.profile.nickname} {account.masked}")
        for account in simulation.world.of_login(flow.login)
    ]
    return HtmlPage(consent_page(identifier, flow.client_id, ticks, problem))


def _declined(simulation: Simulation, identifier: str, flow: Flow) -> Response:
    simulation.flows.end(identifier)
    return _redirect(flow, "error=access_denied")


def _redirect(flow: Flow, query: str) -> Response:
    if flow.state is not None:
        query += f"&state={quote(flow.state, safe='')}"
    joint = "&" if "?" in flow.redirect_uri else "?"
    return RedirectResponse(f"{flow.redirect_uri}{joint}{query}", 302)


def _lost() -> Response:
    text = "<h1>We are unable to complete your request</h1><p>Schwab stand-in: start again from the app.</p>"
    return HtmlPage(text, 400)
