"""The guard that keeps every test on this machine is itself tested."""

import socket
import urllib.request

import pytest
import redis
from pytest_socket import SocketConnectBlockedError


@pytest.mark.filterwarnings("ignore:A test tried to use socket")
@pytest.mark.parametrize("address", ["192.0.2.1", "10.0.0.1", "2001:db8::1"])
def test_no_connection_leaves_this_machine(address: str) -> None:
    """A number that is not loopback is refused before a packet is sent."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family) as probe, pytest.raises(SocketConnectBlockedError):
        probe.connect((address, 80))


def test_no_name_is_looked_up() -> None:
    """A question to a name server would leave the machine as well."""
    with pytest.raises(RuntimeError, match=r"tried to look up 'api\.example\.com'"):
        urllib.request.urlopen("https://api.example.com/", timeout=1)


def test_the_redis_of_a_test_is_real_and_empty(redis_url: str) -> None:
    """It speaks pub/sub and holds nothing of an earlier test."""
    with redis.Redis.from_url(redis_url) as client:
        assert client.dbsize() == 0
        with client.pubsub() as heard:
            heard.subscribe("channel")
            assert client.publish("channel", b"word") == 1
        client.set("left", "behind")
    with redis.Redis.from_url(redis_url) as again:
        assert again.get("left") == b"behind"
