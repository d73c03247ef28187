"""What an answer stands for: good, or which of our errors (reference §3.1, §3.2)."""

from livedata.schwab import errors, transport


def failure(answer: transport.Answer) -> errors.SchwabError | None:
    """Return the error that an answer stands for (§3.1, §3.2), or None when it is good JSON by its label."""
    status = answer.status
    if status == 200:
        return None if answer.is_json else errors.SchwabOddAnswer("It was not JSON.", status=status)
    if status == 429:
        return errors.SchwabThrottled(
            status=status, retry_after=seconds_asked(answer.headers.get("retry-after", ""))
        )
    if status == 401:
        return errors.NotAuthorized(status=status)
    if status < 400:
        return errors.SchwabOddAnswer(f"(HTTP {status})", status=status)
    if status >= 500 or not answer.is_json:
        # The platform in front answers 403 pages and 404 text while it is in trouble; the API itself speaks JSON.
        return errors.SchwabUnavailable(f"(HTTP {status})", status=status)
    kind = errors.SchwabNotFound if status == 404 else errors.SchwabRefused
    return kind(f"(HTTP {status})", status=status)


def seconds_asked(text: str) -> float | None:
    """Read `Retry-After` given in seconds."""
    return min(float(text), 3600.0) if text.strip().isdecimal() else None
