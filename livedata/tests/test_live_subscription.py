"""Between a snapshot and the first change nothing is lost and nothing is told twice, however they interleave."""

import asyncio
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from livedata.live import messages
from livedata.live.messages import Message
from livedata.live.snapshots import Reading, SnapshotReader
from livedata.live.subscription import Subscription


def book(version: int) -> Message:
    return messages.from_bus("c", json.dumps({"type": "positions", "version": version}).encode())


def marks(version: int, seq: int) -> Message:
    return messages.from_bus("c", json.dumps({"type": "marks", "version": version, "seq": seq}).encode())


def snapshot(version: int) -> Message:
    return messages.from_book(
        "c", json.dumps({"type": "positions", "version": version, "snapshot": True}), version
    )


def told(heard: list[Message]) -> list[Any]:
    """Return what a browser was told: `(type, version or seq, snapshot?)`."""
    found = [json.loads(each.event["text"]) for each in heard]
    return [(each["type"], each.get("seq", each["version"]), "snapshot" in each) for each in found]


class World:
    """A book that others write, publish and deliver, and one browser's subscription to it.

    `readings`: tickets with the version that was read for them; None until it was read.
    """

    def __init__(self) -> None:
        self.version = self.published = self.delivered = 0
        self.heard: list[Message] = []
        self.subscription = Subscription(self.heard.append)
        self.readings: list[tuple[int, int | None]] = []
        self.hold()

    def write(self) -> None:
        self.version += 1

    def publish(self) -> None:
        self.published = min(self.published + 1, self.version)

    def deliver(self) -> None:
        if self.delivered < self.published:
            self.delivered += 1
            self.subscription.deliver(book(self.delivered))

    def hold(self) -> None:
        self.readings.append((self.subscription.hold(), None))

    def read(self) -> None:
        self.readings = [(ticket, self.version if seen is None else seen) for ticket, seen in self.readings]

    def release(self) -> None:
        if self.readings and self.readings[0][1] is not None:
            ticket, seen = self.readings.pop(0)
            self.subscription.release(ticket, snapshot(seen or 0), None)


STEPS = st.lists(st.sampled_from(["write", "publish", "deliver", "hold", "read", "release"]), max_size=60)


@settings(max_examples=300)
@given(STEPS)
def test_every_browser_ends_at_the_book_by_steps_of_one(steps: list[str]) -> None:
    world = World()
    for step in [*steps, "read", *["release", "publish", "deliver"] * 60]:
        getattr(world, step)()
    shown = -1
    for _, version, is_snapshot in told(world.heard):
        assert version >= shown if is_snapshot else version == shown + 1
        shown = version
    assert shown == world.version


def test_a_change_that_the_snapshot_holds_already_is_dropped_even_when_it_arrives_late() -> None:
    heard: list[Message] = []
    subscription = Subscription(heard.append)
    subscription.release(subscription.hold(), snapshot(5), None)
    for version in (4, 5, 6, 6, 5, 7):
        subscription.deliver(book(version))
    assert told(heard) == [("positions", 5, True), ("positions", 6, False), ("positions", 7, False)]


def test_a_snapshot_that_was_asked_for_before_a_newer_one_is_not_sent() -> None:
    heard: list[Message] = []
    subscription = Subscription(heard.append)
    early, late = subscription.hold(), subscription.hold()
    subscription.release(early, snapshot(1), None)
    subscription.deliver(book(3))
    subscription.release(late, snapshot(2), None)
    assert told(heard) == [("positions", 2, True), ("positions", 3, False)]


@pytest.mark.parametrize(
    ("held", "expected"),
    [
        ([], [("marks", 10)]),
        ([marks(5, 9), marks(5, 10)], [("marks", 10)]),
        ([book(6), marks(6, 12)], [("marks", 10), ("positions", 6), ("marks", 12)]),
        ([marks(5, 10), book(6)], [("marks", 10), ("positions", 6)]),
        ([marks(5, 11)], [("marks", 10), ("marks", 11)]),
    ],
)
def test_stored_marks_take_their_place_among_what_was_held(held: list[Message], expected: list[Any]) -> None:
    heard: list[Message] = []
    subscription = Subscription(heard.append)
    ticket = subscription.hold()
    for message in held:
        subscription.deliver(message)
    subscription.release(ticket, snapshot(5), marks(5, 10))
    assert [(kind, number) for kind, number, _ in told(heard)] == [("positions", 5), *expected]


def test_marks_of_an_older_book_are_left_out() -> None:
    heard: list[Message] = []
    subscription = Subscription(heard.append)
    subscription.release(subscription.hold(), snapshot(5), marks(4, 10))
    subscription.deliver(marks(5, 3))
    assert told(heard) == [("positions", 5, True), ("marks", 3, False)]


def test_seq_begins_anew_with_every_version_of_the_book() -> None:
    heard: list[Message] = []
    subscription = Subscription(heard.append)
    subscription.release(subscription.hold(), snapshot(5), marks(5, 41))
    for message in (marks(5, 41), marks(5, 42), book(6), marks(5, 43), marks(6, 1), marks(6, 2)):
        subscription.deliver(message)
    assert [each[:2] for each in told(heard)[2:]] == [
        ("marks", 42),
        ("positions", 6),
        ("marks", 1),
        ("marks", 2),
    ]


def test_quotes_have_neither_snapshot_nor_order() -> None:
    heard: list[Message] = []
    subscription = Subscription(heard.append)
    subscription.release(subscription.hold(), None, None)
    for last in ("1", "2"):
        subscription.deliver(messages.from_bus("q", json.dumps({"type": "quote", "last": last}).encode()))
    assert len(heard) == 2


def test_a_reading_begins_after_it_was_asked_for_and_is_shared_by_all_who_wait() -> None:
    reads: list[set[str]] = []

    async def scene() -> list[dict[str, Reading]]:
        gate = asyncio.Event()

        async def read(names: Any) -> dict[str, Reading]:
            reads.append(set(names))
            await gate.wait()
            return {name: Reading(snapshot(len(reads))) for name in names}

        reader = SnapshotReader(read)
        first = asyncio.create_task(reader.get(["a"]))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        others = [asyncio.create_task(reader.get([name])) for name in ("a", "b", "a")]
        await asyncio.sleep(0)
        others[2].cancel()
        gate.set()
        return [await first, await others[0], await others[1]]

    first, second, third = asyncio.run(scene())
    assert reads == [{"a"}, {"a", "b"}]
    assert [
        each.version for each in (first["a"].snapshot, second["a"].snapshot, third["b"].snapshot) if each
    ] == [1, 2, 2]


def test_a_reading_that_fails_fails_for_who_asked_and_not_for_the_next() -> None:
    async def scene() -> Any:
        failures = [ValueError("first")]

        async def read(names: Any) -> dict[str, Reading]:
            if failures:
                raise failures.pop()
            return {}

        reader = SnapshotReader(read)
        with pytest.raises(ValueError, match="first"):
            await reader.get(["a"])
        return await reader.get(["a"])

    assert asyncio.run(scene()) == {}
