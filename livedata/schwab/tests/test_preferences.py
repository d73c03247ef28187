"""Nicknames and the customer's id from `/userPreference`."""

from typing import Any

import pytest

from livedata.schwab.errors import SchwabOddAnswer
from livedata.schwab.preferences import Preferences, read_preferences
from livedata.schwab.tests import payloads

EXPECTED = Preferences(
    nicknames={payloads.MARGIN_NUMBER: "Trading", payloads.CASH_NUMBER: "Contributory IRA"},
    customer_id="0f1e2d3c4b5a69788796a5b4c3d2e1f0",
)


@pytest.mark.parametrize("answer", [payloads.preferences(), [payloads.preferences()]])
def test_one_object_and_an_array_of_one_say_the_same(answer: Any) -> None:
    assert read_preferences(payloads.encode(answer)) == EXPECTED


@pytest.mark.parametrize(
    "answer", [{}, [], {"accounts": [], "streamerInfo": []}, {"accounts": None, "streamerInfo": None}]
)
def test_preferences_may_say_nothing(answer: Any) -> None:
    assert read_preferences(payloads.encode(answer)) == Preferences()


@pytest.mark.parametrize("name", [None, "", "   ", "\u0000\u0007"])
def test_an_account_without_a_nickname_has_none(name: str | None) -> None:
    answer = payloads.changed(payloads.preferences(), ("accounts", 0, "nickName"), name)
    assert read_preferences(payloads.encode(answer)).nicknames == {payloads.CASH_NUMBER: "Contributory IRA"}


def test_a_nickname_loses_what_cannot_be_printed_or_stored() -> None:
    answer = payloads.changed(payloads.preferences(), ("accounts", 0, "nickName"), " Tra\u0000ding\n\u202e€ ")
    assert read_preferences(payloads.encode(answer)).nicknames[payloads.MARGIN_NUMBER] == "Trading€"


def test_numbers_are_padded_and_entries_without_one_skipped() -> None:
    accounts = [{"accountNumber": 123456, "nickName": "Short"}, {"nickName": "Nobody's"}]
    answer = payloads.preferences() | {"accounts": accounts, "streamerInfo": [{}]}
    assert read_preferences(payloads.encode(answer)) == Preferences({"00123456": "Short"}, "")


@pytest.mark.parametrize(
    "body",
    [b"", b"null", b"5", b'{"accounts": 5}', b'{"accounts": [5]}', b"<html>", b"[" * 100_000, b"\xff",
     b'{"accounts": [{"accountNumber": true, "nickName": "x"}]}'],
)  # fmt: skip
def test_an_answer_that_is_neither(body: bytes) -> None:
    with pytest.raises(SchwabOddAnswer):
        read_preferences(body)
