"""Secrets at rest: they open in their own place with a configured key, and nowhere else."""

import json
from typing import Any
from uuid import uuid4

import pytest
from cryptography.fernet import Fernet
from django.contrib.auth.models import User
from django.core import serializers
from django.db import connection as database

from actandpos.models import Account
from livedata.schwab.errors import EncryptionKeyError
from livedata.schwab.models import BrokerConnection, LinkedAccount
from livedata.schwab.vault import box, seal, unseal

OLD, NEW = (Fernet.generate_key().decode() for _ in range(2))
TOKENS = {"access_token": "I0.CANARY-ACCESS@", "refresh_token": "CANARY-REFRESH-0001@"}
PLACES = {"number": "31415926", "hash_value": "CANARYHASH5F0C1A7E93B24D68"}


@pytest.fixture(autouse=True)
def _one_key(settings: Any) -> None:
    settings.TOKEN_ENCRYPTION_KEYS = [OLD]


@pytest.fixture
def rows(db: None) -> list[Any]:
    """Return a stored connection and a stored link, all secrets set."""
    owner = User.objects.create_user("owner")
    connection = BrokerConnection(owner=owner)
    for name, plain in TOKENS.items():
        setattr(connection, name, plain)
    connection.save()
    account = Account.objects.create(owner=owner, broker="schwab", identity="x", display_name="Trading …926")
    link = LinkedAccount(connection=connection, account=account)
    for name, plain in PLACES.items():
        setattr(link, name, plain)
    link.save()
    return [BrokerConnection.objects.get(), LinkedAccount.objects.get()]


def test_what_is_sealed_opens_again() -> None:
    for plain in ("token", "", "ünïcode €", "x" * 5000):
        assert unseal(seal(plain, binding="row:1"), binding="row:1") == plain


def test_the_same_text_is_sealed_differently_each_time() -> None:
    assert seal("token", binding="row:1") != seal("token", binding="row:1")


def test_another_place_does_not_open_it() -> None:
    with pytest.raises(EncryptionKeyError, match="another row or field"):
        unseal(seal("token", binding="row:1"), binding="row:2")


def test_another_key_does_not_open_it(settings: Any) -> None:
    sealed = seal("token", binding="row:1")
    settings.TOKEN_ENCRYPTION_KEYS = [NEW]
    with pytest.raises(EncryptionKeyError, match="No configured key"):
        unseal(sealed, binding="row:1")


@pytest.mark.parametrize("keys", [[], [""], ["short"], ["ü" * 44], [OLD, "short"], ["!" * 44]])
def test_a_missing_or_malformed_key_is_an_error_and_never_a_default(settings: Any, keys: list[str]) -> None:
    settings.TOKEN_ENCRYPTION_KEYS = keys
    with pytest.raises(EncryptionKeyError) as caught:
        seal("token", binding="row:1")
    assert "TOKEN_ENCRYPTION_KEYS" in str(caught.value)
    assert all(key not in str(caught.value) for key in keys if key)


@pytest.mark.parametrize("sealed", ["", "not a token", "gAAAAA", "ünïcode", seal.__name__ * 30])
def test_damaged_ciphertext_is_an_error(sealed: str) -> None:
    with pytest.raises(EncryptionKeyError):
        unseal(sealed, binding="row:1")


@pytest.mark.parametrize(
    "content", [b"plain", b"{}", b'["row:1"]', b"5", b'"ab"', '["é", "x"]'.encode(), b"\xff"]
)
def test_what_our_key_sealed_for_something_else_is_an_error(content: bytes) -> None:
    with pytest.raises(EncryptionKeyError):
        unseal(box().encrypt(content).decode(), binding="row:1")


def test_keys_rotate_by_putting_a_new_one_in_front(settings: Any) -> None:
    before = seal("token", binding="row:1")
    settings.TOKEN_ENCRYPTION_KEYS = [NEW, OLD]
    after = seal("token", binding="row:1")
    assert unseal(before, binding="row:1") == unseal(after, binding="row:1") == "token"
    settings.TOKEN_ENCRYPTION_KEYS = [NEW]
    assert unseal(after, binding="row:1") == "token"
    with pytest.raises(EncryptionKeyError):
        unseal(before, binding="row:1")


def test_rows_keep_ciphertext_and_give_plain_text(rows: list[Any]) -> None:
    for row, secrets in zip(rows, (TOKENS, PLACES), strict=True):
        for name, plain in secrets.items():
            assert getattr(row, name) == plain
            assert plain not in getattr(row, f"{name}_sealed")


def test_the_database_holds_no_plain_text(rows: list[Any]) -> None:
    stored = ""
    with database.cursor() as cursor:
        for model in (BrokerConnection, LinkedAccount):
            cursor.execute(f"SELECT * FROM {model._meta.db_table}")
            stored += str(cursor.fetchall())
    assert rows[0].access_token_sealed in stored
    for plain in (TOKENS | PLACES).values():
        assert plain not in stored


def test_nothing_secret_shows_when_a_row_is_printed_or_dumped(rows: list[Any]) -> None:
    shown = "".join(f"{row!r} {row} {vars(row)}" for row in rows) + serializers.serialize("json", rows)
    for plain in (TOKENS | PLACES).values():
        assert plain not in shown


def test_ciphertext_moved_to_another_field_or_row_does_not_open(rows: list[Any]) -> None:
    row = rows[0]
    row.access_token_sealed = row.refresh_token_sealed
    with pytest.raises(EncryptionKeyError):
        _ = row.access_token
    stranger = BrokerConnection(refresh_token_sealed=row.refresh_token_sealed)
    with pytest.raises(EncryptionKeyError):
        _ = stranger.refresh_token
    link = LinkedAccount(uid=row.uid, number_sealed=row.refresh_token_sealed)
    with pytest.raises(EncryptionKeyError):
        _ = link.number


def test_an_empty_secret_stays_empty() -> None:
    row = BrokerConnection(uid=uuid4())
    assert row.access_token == ""
    row.access_token = "token"
    row.access_token = ""
    assert row.access_token_sealed == ""


def test_the_attribute_has_no_value_on_the_class() -> None:
    with pytest.raises(AttributeError, match=r"BrokerConnection\.access_token"):
        _ = BrokerConnection.access_token


def test_what_is_sealed_is_not_readable_json() -> None:
    with pytest.raises(ValueError):
        json.loads(seal("token", binding="row:1"))
