"""One question to Schwab, asked as often as the reference allows (§3.2): what is worth another try, when, and how long.

Outages (5xx, silence, a cut line) are tried again twice with a full-jitter pause, all tries together within one
deadline. Throttling, refusals and odd answers are not: the first makes every process wait, the others would only
answer the same.
"""

import random
import time
from collections.abc import Callable

from django.conf import settings

from livedata.schwab import breaker, errors, transport
from livedata.schwab.answers import failure
from livedata.schwab.limiter import THROTTLE_PAUSE, limiter

TRIES = 3
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 4.0
WORTH_ANOTHER_TRY = {500, 502, 503, 504}

Send = Callable[[float], transport.Answer]
"""Sends the request once, within so many seconds."""


def ask(send: Send, *, product: str, watched: bool) -> transport.Answer:
    """Return a good answer, or one with status 401, which the caller knows how to meet.

    Raises:
        SchwabError: what the last try ended in, or that Thor itself holds back (limiter, breaker).
    """
    ends = time.monotonic() + settings.THOR_HTTP_DEADLINE
    failed: errors.SchwabError | None = None
    for tries_left in reversed(range(TRIES)):
        try:
            breaker.admit(product)
            limiter.admit(watched=watched)
        except errors.SchwabError as held:
            raise failed or held from None  # what Schwab said tells more than why it is not asked again
        try:
            return _once(send, ends, product)
        except errors.SchwabError as error:
            pause, failed = _pause(TRIES - tries_left), error
            if not tries_left or not _worth_another_try(error) or time.monotonic() + pause >= ends:
                raise
        time.sleep(pause)
    raise AssertionError("the last try returns or raises")


def _once(send: Send, ends: float, product: str) -> transport.Answer:
    """Send once and keep the product's breaker informed."""
    try:
        answer = send(max(0.1, ends - time.monotonic()))
        error = failure(answer)
        if error is not None and answer.status != 401:
            raise error
    except errors.SchwabThrottled as error:
        limiter.hold(error.retry_after or THROTTLE_PAUSE)
        raise
    except errors.SchwabError as error:
        breaker.failed(product, error)
        raise
    breaker.succeeded(product)
    return answer


def _worth_another_try(error: errors.SchwabError) -> bool:
    """Tell whether the same request may do better in a moment."""
    if isinstance(error, errors.SchwabUnavailable):
        return error.status in WORTH_ANOTHER_TRY
    return isinstance(error, errors.SchwabUnreachable)


def _pause(tries: int) -> float:
    """Return a random pause up to a ceiling that doubles, so that many processes do not come back as one."""
    return random.uniform(0, min(LONGEST_PAUSE, FIRST_PAUSE * 2.0**tries))  # noqa: S311 (jitter, no secret)
