"""What waits for a browser: bounded, newest wins, and a drop is never silent."""

import asyncio
import json
from typing import Any

import pytest

from livedata.live import messages
from livedata.live.channels import channel_of
from livedata.live.mailbox import REPLIES, Mailbox
from livedata.live.messages import BOOK, LATEST, SNAPSHOT, Message


def message(kind: str, channel: str, version: int = 0, text: str = "") -> Message:
    return Message(kind, messages.text_event(text or f"{kind} {channel} {version}"), channel, version)


def texts(mailbox: Mailbox) -> list[str]:
    """Take everything."""
    return [mailbox.pop().event["text"] for _ in range(len(mailbox))]


def test_messages_leave_in_the_order_in_which_they_came() -> None:
    box = Mailbox(10)
    for each in (
        message(BOOK, "a", 1),
        message(LATEST, "a", 2),
        message(BOOK, "b", 3),
        messages.bus_state(True),
    ):
        box.put(each)
    assert texts(box) == ["book a 1", "latest a 2", "book b 3", '{"type":"bus","state":"up"}']
    assert len(box) == 0


def test_beyond_the_limit_the_oldest_goes_and_leaves_one_gap_per_channel() -> None:
    box = Mailbox(3)
    box.put(message(BOOK, "b", 1))
    for version in range(1, 8):
        box.put(message(BOOK, "a", version))
    told = texts(box)
    assert [json.loads(each) for each in told[:2]] == [
        {"type": "gap", "channel": "b", "version": 1},
        {"type": "gap", "channel": "a", "version": 4},
    ]
    assert told[2:] == ["book a 5", "book a 6", "book a 7"]
    box.put(message(BOOK, "a", 8))
    assert texts(box) == ["book a 8"]


def test_memory_is_bounded_whatever_comes() -> None:
    box = Mailbox(5)
    for version in range(10_000):
        for channel in ("a", "b"):
            box.put(message(BOOK, channel, version))
            box.put(message(LATEST, channel, version))
            box.put(message(SNAPSHOT, channel, version)) if version % 100 == 0 else None
        box.put(messages.bus_state(version % 2 == 0))
    assert len(box) <= 5 + 2 + 2 + 2 + 1


def test_newer_marks_replace_those_that_wait_and_stay_behind_the_book() -> None:
    box = Mailbox(10)
    for each in (
        message(LATEST, "a", 1),
        message(LATEST, "b", 1),
        message(BOOK, "a", 2),
        message(LATEST, "a", 2),
    ):
        box.put(each)
    assert texts(box) == ["latest b 1", "book a 2", "latest a 2"]


def test_a_snapshot_replaces_what_waits_of_its_channel() -> None:
    box = Mailbox(2)
    for version in range(5):
        box.put(message(BOOK, "a", version))
    box.put(message(LATEST, "a", 4))
    box.put(message(BOOK, "b", 1))
    box.put(message(SNAPSHOT, "a", 9))
    assert texts(box) == ["book b 1", "snapshot a 9"]


def test_answers_are_never_dropped_but_who_does_not_read_them_is_not_asked_for_more() -> None:
    async def scene() -> Any:
        box = Mailbox(2)
        for number in range(REPLIES):
            await box.room()
            box.put(messages.reply("error", number=number))
        waiting = asyncio.create_task(box.room())
        await asyncio.sleep(0)
        assert not waiting.done()
        first = box.pop()
        await waiting
        return json.loads(first.event["text"]), len(box)

    assert asyncio.run(scene()) == ({"type": "error", "number": 0}, REPLIES - 1)


def test_clearing_forgets_the_counts_too() -> None:
    box = Mailbox(1)
    for version in range(3):
        box.put(message(BOOK, "a", version))
    box.clear()
    box.put(message(BOOK, "a", 7))
    assert texts(box) == ["book a 7"]


@pytest.mark.parametrize("name", ["live_data:positions:7", "live_data:quotes:$SPX", "live_data:quotes:BRK.B"])
def test_channels_have_the_names_of_the_bus(name: str) -> None:
    channel = channel_of(name)
    assert channel is not None
    assert channel.name == name
    assert (channel.account_id, channel.symbol) in ((7, None), (None, "$SPX"), (None, "BRK.B"))


@pytest.mark.parametrize(
    "name",
    [
        *("", "live_data:positions:", "live_data:positions:07", "live_data:positions:٧"),
        *("live_data:positions:7\n", "live_data:positions:-1", "live_data:quotes:", "live_data:quotes:a*"),
        *("live_control", "live_data:quotes:*", "live_data:balances:7:1", f"live_data:quotes:{'A' * 33}"),
        "live_data:orders:9223372036854775808",
    ],
)
def test_other_names_are_no_channels(name: str) -> None:
    assert channel_of(name) is None
