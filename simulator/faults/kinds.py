"""The kinds of fault by name, and how an order for one is read."""

from collections.abc import Mapping

import msgspec

from simulator.faults import answers, content, missing, refusals, transport
from simulator.faults.endpoints import checked
from simulator.faults.kind import Kind
from simulator.faults.state import Fault, Faults

KINDS: dict[str, type[Kind]] = {
    "status": answers.Status,
    "html": answers.Html,
    "unauthorized": answers.Unauthorized,
    "cdn_403": answers.CdnRefusal,
    "not_found_text": answers.NotFoundText,
    "throttled": answers.Throttled,
    "server_error": answers.ServerError,
    "bad_gateway": answers.BadGateway,
    "unavailable": answers.Unavailable,
    "gateway_timeout": answers.GatewayTimeout,
    "redirect": answers.Redirect,
    "status_text": answers.StatusAsText,
    "status_number": answers.StatusInside,
    "empty_body": answers.EmptyBody,
    "html_ok": answers.HtmlOk,
    "bad_gzip": answers.BadGzip,
    "slow": transport.Slow,
    "drip_body": transport.DripBody,
    "drip_headers": transport.DripHeaders,
    "cut_body": transport.CutBody,
    "wrong_content_type": content.WrongContentType,
    "unknown_keys": content.UnknownKeys,
    "empty_list": content.EmptyList,
    "bad_number": content.BadNumber,
    "missing_rows": missing.MissingRows,
    "no_positions_key": missing.NoPositionsKey,
    "missing_account": missing.MissingAccount,
    "refused_refresh": refusals.RefusedRefresh,
    "expired_code": refusals.ExpiredCode,
}


def order_fault(faults: Faults, given: Mapping[str, object]) -> Fault:
    """Switch on {"kind", "endpoint": name, prefix or list of them, "count", options}; ValueError says what is wrong."""
    options = dict(given)
    name, wanted = options.pop("kind", None), options.pop("endpoint", options.pop("path_prefix", None))
    times = options.pop("count", None)
    kind = KINDS.get(str(name))
    if kind is None:
        raise ValueError(f"kind must be one of {', '.join(KINDS)}")
    if times is not None and (isinstance(times, bool) or not isinstance(times, int) or times < 1):
        raise ValueError("count must be a whole number from 1, or null")
    endpoints = kind.home if wanted is None else wanted if isinstance(wanted, list) else [wanted]
    try:
        made = msgspec.convert(options, kind)
    except msgspec.ValidationError as problem:
        raise ValueError(f"{name}: {problem}") from problem
    return faults.add(str(name), made, [checked(str(endpoint)) for endpoint in endpoints], times)
