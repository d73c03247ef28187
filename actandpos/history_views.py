"""The net liquidating value over time, over HTTP."""

from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from actandpos.plain import instant, plain
from actandpos.selectors.net_liq import RANGES, net_liq_history
from actandpos.views import asked_accounts, json_answer, reading
from desk.problems import problem


@reading
def net_liq(request: HttpRequest) -> HttpResponseBase:
    """Points, flows and the return of a range, of one account or of all."""
    wanted = request.GET.get("range", "1d")
    if wanted not in RANGES:
        return problem(400, "invalid_range", f"range must be one of {', '.join(RANGES)}.")
    account_id, accounts = asked_accounts(request)
    history = net_liq_history(accounts, wanted, timezone.now())
    return json_answer(
        {
            "account_id": account_id,
            "range": wanted,
            "from": instant(history.start),
            "to": instant(history.end),
            "previous_close": plain(history.previous_close),
            "points": [{"at": instant(each.at), "net_liq": plain(each.net_liq)} for each in history.points],
            "flows": [
                {"at": instant(each.at), "amount": plain(each.amount), "kind": each.kind}
                for each in history.flows
            ],
            "change": plain(history.change),
            "return_percent": plain(history.return_percent),
            "missing": history.missing,
        }
    )
