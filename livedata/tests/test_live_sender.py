"""Sending: at once to who reads, in order and from the mailbox to who does not keep up."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from livedata.live import messages
from livedata.live.mailbox import Mailbox
from livedata.live.messages import BOOK, Event, Message
from livedata.live.sender import Sender


class Server:
    """A server's side of one socket, as uvicorn's: `send` waits while its buffer is full."""

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.writable = asyncio.Event()
        self.writable.set()
        self.gone = False

    async def send(self, event: Event) -> None:
        await self.writable.wait()
        if self.gone:
            raise OSError("gone")
        await asyncio.sleep(0) if self.sent and self.sent[-1] == "slow" else None
        self.sent.append(event.get("text", "close"))


def book(text: str) -> Message:
    return Message(BOOK, messages.text_event(text), "c")


async def turns(count: int = 5) -> None:
    """Let the loop go round."""
    for _ in range(count):
        await asyncio.sleep(0)


def scene(play: Callable[[Server, Sender, "asyncio.Task[None]"], Coroutine[Any, Any, None]]) -> Server:
    """Play a scene with a sender whose task idles."""

    async def whole() -> Server:
        server = Server()
        sender = Sender(server.send, Mailbox(10))
        task = asyncio.create_task(sender.run())
        await turns()
        await play(server, sender, task)
        task.cancel()
        await asyncio.wait([task])
        return server

    return asyncio.run(whole())


def test_who_reads_gets_it_before_put_returns() -> None:
    async def play(server: Server, sender: Sender, task: "asyncio.Task[None]") -> None:
        for text in ("a", "b"):
            sender.put(book(text))
            assert server.sent[-1] == text
        assert sender.since == 0.0

    assert scene(play).sent == ["a", "b"]


def test_who_does_not_read_gets_everything_in_order_later() -> None:
    async def play(server: Server, sender: Sender, task: "asyncio.Task[None]") -> None:
        server.writable.clear()
        for text in "abcd":
            sender.put(book(text))
        await turns()
        assert server.sent == []
        assert sender.since > 0.0
        server.writable.set()
        await turns(20)
        assert sender.since == 0.0
        sender.put(book("e"))

    assert scene(play).sent == list("abcde")


def test_a_send_that_waits_more_than_once_is_brought_to_its_end() -> None:
    async def play(server: Server, sender: Sender, task: "asyncio.Task[None]") -> None:
        sender.put(book("slow"))
        server.writable.clear()
        sender.put(book("a"))
        await turns()
        server.writable.set()
        await turns(20)

    assert scene(play).sent == ["slow", "a"]


@pytest.mark.parametrize("blocked", [False, True])
def test_who_puts_or_who_waits_hears_that_the_browser_is_gone(blocked: bool) -> None:
    async def play(server: Server, sender: Sender, task: "asyncio.Task[None]") -> None:
        server.gone = True
        if blocked:
            server.writable.clear()
            sender.put(book("a"))
            server.writable.set()
            await turns()
            assert isinstance(task.exception(), OSError)
        else:
            with pytest.raises(OSError, match="gone"):
                sender.put(book("a"))

    assert scene(play).sent == []


@pytest.mark.parametrize("blocked", [False, True])
def test_the_close_is_the_last_that_is_sent(blocked: bool) -> None:
    async def play(server: Server, sender: Sender, task: "asyncio.Task[None]") -> None:
        if blocked:
            server.writable.clear()
        sender.put(book("a"))
        sender.put(messages.close(4401))
        sender.put(book("late"))
        server.writable.set()
        await turns(20)
        assert task.done()

    assert scene(play).sent == ["a", "close"]


def test_a_sender_that_is_cancelled_while_it_waits_leaves_nothing_behind() -> None:
    async def play(server: Server, sender: Sender, task: "asyncio.Task[None]") -> None:
        server.writable.clear()
        sender.put(book("a"))
        await turns()
        task.cancel()
        await asyncio.wait([task])
        assert task.cancelled()
        assert not server.writable._waiters
        sender.put(book("b"))

    assert scene(play).sent == []


def test_a_server_whose_send_is_no_coroutine_is_served_by_the_task() -> None:
    sent: list[str] = []

    def send(event: Event) -> "asyncio.Future[None]":
        sent.append(event["text"])
        done = asyncio.get_running_loop().create_future()
        done.set_result(None)
        return done

    async def whole() -> None:
        sender = Sender(send, Mailbox(10))
        task = asyncio.create_task(sender.run())
        await turns()
        for text in "ab":
            sender.put(book(text))
        await turns(20)
        task.cancel()

    asyncio.run(whole())
    assert sent == ["a", "b"]
