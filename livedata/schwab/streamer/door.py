"""Where to connect and with which token: asked anew for every connection, since the ids may change (§5.1)."""

from urllib.parse import urlsplit

import msgspec
from django.conf import settings
from msgspec import Struct

from livedata.schwab import errors, tokens
from livedata.schwab.client import SchwabTraderAPI
from livedata.schwab.identity import identity_of
from livedata.schwab.models import BrokerConnection
from livedata.schwab.streamer import leases
from livedata.schwab.streamer.codes import StreamEnded
from livedata.schwab.streamer.frames import Door


class PreferenceWire(Struct, rename="camel", frozen=True):
    """`GET /userPreference` (§2.6) as far as the streamer is concerned."""

    streamer_info: list[Door] | None = None


class Key(Struct, frozen=True):
    """What opens a connection."""

    door: Door
    access_token: str
    customer: str


def find_door(connection_id: int, rejected: str | None = None) -> Key:
    """Return address, ids and a fresh token; `rejected` is a token that the streamer did not accept.

    Raises:
        StreamEnded: `no_streamer`, `unsafe_address`, or `other_customer` when another row streams this customer.
        SchwabError: no token or no answer.
    """
    connection = BrokerConnection.objects.get(pk=connection_id)
    access_token = tokens.fresh_access_token(connection, rejected=rejected)
    door = read_door(SchwabTraderAPI(connection).fetch_user_preference().body)
    customer = identity_of(door.schwab_client_customer_id)
    if customer != connection.customer_identity:
        BrokerConnection.objects.filter(pk=connection_id).update(customer_identity=customer)
        if not leases.is_alone(connection_id):
            raise StreamEnded("other_customer")
    return Key(door, access_token, customer)


def read_door(body: bytes) -> Door:
    """Read the answer, an object or an array of one.

    Raises:
        SchwabOddAnswer: it is neither.
        StreamEnded: no streamer, or one to which a token must not be sent in clear.
    """
    try:
        answer = msgspec.json.decode(body, type=PreferenceWire | list[PreferenceWire])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise errors.SchwabOddAnswer("The streamer's address was not readable.") from error
    found = answer if isinstance(answer, PreferenceWire) else answer[0] if answer else PreferenceWire()
    if not found.streamer_info or not found.streamer_info[0].streamer_socket_url:
        raise StreamEnded("no_streamer")
    door = found.streamer_info[0]
    scheme = urlsplit(door.streamer_socket_url).scheme
    if scheme != "wss" and not (scheme == "ws" and settings.SCHWAB_BASE_URL.startswith("http://")):
        raise StreamEnded("unsafe_address")
    return door
