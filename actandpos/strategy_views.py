"""The holdings as strategies over HTTP, and how the trader regroups them."""

import msgspec
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone

from actandpos import selectors
from actandpos.eastern import eastern_day
from actandpos.models import Account
from actandpos.plain import plain
from actandpos.selectors.strategies import strategies
from actandpos.services.strategies import ChosenGroup, NotGroupable, choose_groups
from actandpos.shown import StrategyView
from actandpos.strategies.risk import StrategyFact
from actandpos.views import NO_STORE, asked_accounts, json_answer, reading
from desk.problems import problem

LONGEST_BODY = 256 * 1024


class Wish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the trader puts together in one account."""

    account_id: int
    groups: list[ChosenGroup]


_wish = msgspec.json.Decoder(Wish)


def strategies_of(request: HttpRequest) -> HttpResponseBase:
    """GET tells the strategies, PUT regroups one account's."""
    response = _regroup(request) if request.method == "PUT" else _shown(request)
    if response.status_code == 405:
        response["Allow"] = "GET, HEAD, PUT"
    response["Cache-Control"] = NO_STORE
    return response


@reading
def _shown(request: HttpRequest) -> HttpResponseBase:
    """Strategies with their sums, and how each symbol stands."""
    account_id, accounts = asked_accounts(request)
    return _answer(account_id, list(accounts))


def _regroup(request: HttpRequest) -> HttpResponseBase:
    """Replace one account's groups."""
    if not request.user.is_authenticated:
        return problem(401, "not_authenticated", "Sign in first.")
    if len(request.body) > LONGEST_BODY:
        return problem(400, "invalid_groups", "The groups are too long.")
    try:
        wish = _wish.decode(request.body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return problem(400, "invalid_groups", "account_id and groups of legs are needed.")
    account = selectors.accounts_of(request.user).filter(pk=wish.account_id).first()
    if account is None:
        return problem(404, "not_found", "There is no such account of yours.")
    try:
        choose_groups(account, wish.groups)
    except NotGroupable as error:
        return problem(400, "invalid_groups", str(error))
    return _answer(account.pk, [account])


def _answer(account_id: int | None, accounts: list[Account]) -> HttpResponse:
    today = eastern_day(timezone.now())
    views, facts = strategies(accounts, today)
    return json_answer(
        {
            "account_id": account_id,
            "version": sum(account.version for account in accounts),
            "strategies": [_strategy(view) for view in views],
            "facts": {symbol: _fact(fact) for symbol, fact in facts.items()},
        }
    )


def _strategy(view: StrategyView) -> dict[str, object]:
    return {
        "key": view.key,
        "account_id": view.account_id,
        "underlying": view.underlying,
        "kind": view.kind,
        "name": view.name,
        "chosen": view.chosen,
        "legs": [
            {"position_id": id, "symbol": symbol, "asset_type": asset_type, "quantity": plain(units)}
            for id, symbol, asset_type, units in view.parts
        ],
        "market_value": plain(view.market_value),
        "cost_basis": plain(view.cost_basis),
        "pl_open": plain(view.pl_open),
        "pl_day": plain(view.pl_day),
        "days_to_expiration": view.days_to_expiration,
        "missing": view.missing,
    }


def _fact(fact: StrategyFact) -> dict[str, object]:
    return {
        "in_the_money": fact.stands.in_the_money,
        "moneyness_percent": plain(fact.stands.moneyness_percent),
        "assignment_risk": fact.stands.assignment_risk,
        "assignment_reason": fact.stands.assignment_reason,
        "ex_dividend_date": fact.ex_dividend and fact.ex_dividend.isoformat(),
        "dividend_amount": plain(fact.dividend),
    }
