"""What the streamer's response codes mean and what they ask for (reference §5.3)."""

LOGIN_DENIED = 3
UNKNOWN_FAILURE = 9
SERVICE_NOT_AVAILABLE = 11
CLOSE_CONNECTION = 12
REACHED_SYMBOL_LIMIT = 19
STREAM_NOT_FOUND = 20
BAD_COMMAND = 21
FAILED_COMMANDS = frozenset({22, 23, 24, 25})
SUCCESSES = frozenset({0, 26, 27, 28, 29})
STOP_STREAMING = 30

ENDINGS = {
    LOGIN_DENIED: "denied",
    CLOSE_CONNECTION: "taken_over",
    UNKNOWN_FAILURE: "failed",
    STREAM_NOT_FOUND: "not_found",
    STOP_STREAMING: "stopped",
}
"""Codes after which the connection is of no use any more, and the name of such an end."""

REASONS = {
    "denied": "Schwab's streamer did not accept the sign-in; a fresh token is on its way.",
    "taken_over": "Another program signed in to Schwab's streamer as you; only one may. Thor waits before it tries.",
    "failed": "Schwab's streamer reported a failure.",
    "not_found": "Schwab's streamer lost the connection's sign-in.",
    "stopped": "Schwab's streamer ended the connection.",
    "silent": "Schwab's streamer fell silent.",
    "lost": "The connection to Schwab's streamer was lost.",
    "unreachable": "Schwab's streamer cannot be reached.",
    "no_answer": "Schwab's streamer did not answer a command.",
    "no_streamer": "Schwab offers no streamer for this login.",
    "unsafe_address": "Schwab named a streamer address that is not encrypted; Thor does not send a token there.",
    "other_customer": "This Schwab login is being streamed by another process or for another user.",
}
"""Why a connection ended, in words for the screen."""


class StreamEnded(Exception):
    """The connection to the streamer has come to an end; `kind` is a key of `REASONS`."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind
