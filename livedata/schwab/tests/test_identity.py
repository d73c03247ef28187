"""Accounts are recognised without keeping their number."""

import pytest
from django.db import transaction
from pytest_django import DjangoAssertNumQueries

from livedata.schwab.identity import identity_of, masked, padded_number
from livedata.schwab.models import IdentitySalt


@pytest.mark.django_db
def test_an_identity_is_stable_and_tells_numbers_apart() -> None:
    assert identity_of("31415926") == identity_of("31415926")
    assert identity_of("31415926") != identity_of("27182818")
    assert IdentitySalt.objects.count() == 1


@pytest.mark.django_db
def test_an_identity_does_not_tell_the_number() -> None:
    found = identity_of("31415926")
    assert len(found) == 64
    assert "31415926" not in found


@pytest.mark.django_db
def test_another_desk_gives_the_same_number_another_identity() -> None:
    here = identity_of("31415926")
    IdentitySalt.objects.all().delete()
    there = identity_of("31415926")
    assert here != there
    assert len(bytes(IdentitySalt.objects.get().salt)) == 32


@pytest.mark.django_db(transaction=True)
def test_the_salt_is_read_once_and_anew_after_it_was_deleted(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    here = identity_of("31415926")
    with django_assert_num_queries(0):
        assert identity_of("31415926") == here
        assert identity_of("27182818") != here
    IdentitySalt.objects.all().delete()
    assert identity_of("31415926") != here


@pytest.mark.django_db(transaction=True)
def test_a_salt_that_was_rolled_back_is_not_kept() -> None:
    with transaction.atomic():
        there = identity_of("31415926")
        transaction.set_rollback(True)
    assert IdentitySalt.objects.count() == 0
    assert identity_of("31415926") != there
    assert IdentitySalt.objects.count() == 1


@pytest.mark.parametrize(
    ("number", "text"),
    [(123456, "00123456"), ("123456", "00123456"), (" 31415926 ", "31415926"), (123456789, "123456789")],
)
def test_a_number_is_padded_to_eight_digits(number: str | int, text: str) -> None:
    assert padded_number(number) == text


def test_a_mask_shows_three_digits() -> None:
    assert masked("31415926") == "…926"
    assert masked(padded_number(12)) == "…012"
