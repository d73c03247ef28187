"""Walks Django admin as a person does: lists, filters, searches, single rows."""

import re
from html import unescape
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Model
from django.test import Client
from django.urls import reverse

LINK = re.compile(r'href="([^"]+)"')


def superuser() -> Client:
    """Return a browser in which somebody is signed in who may see everything."""
    client = Client()
    client.force_login(User.objects.create_user("root", is_staff=True, is_superuser=True))
    return client


def list_of(model: type[Model]) -> str:
    """Return the address of a model's list."""
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def row_of(row: Model, page: str = "change") -> str:
    """Return the address of a row's page."""
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_{page}", args=[row.pk])


def found(client: Client, model: type[Model], **query: str) -> int:
    """Return how many rows a search or a filter finds."""
    answer: Any = client.get(list_of(model), query)
    assert answer.status_code == 200, answer
    return int(answer.context["cl"].result_count)


def walk(client: Client, model: type[Model], search: str) -> dict[str, str]:
    """Return every page one click away from a model's list, by address: filters, a search, rows, histories."""
    start = list_of(model)
    pages = {start: _text(client, start)}
    links = {unescape(link) for link in LINK.findall(pages[start])}
    addresses = {start + link for link in links if link.startswith("?") and "o=" not in link} | {
        f"{start}?q={search}"
    }
    addresses |= {link.partition("?")[0] for link in links if link.startswith(start)}
    for row in model._default_manager.all():
        addresses |= {row_of(row), row_of(row, "history")}
    for address in addresses - {start, f"{start}add/"}:
        pages[address] = _text(client, address)
    return pages


def _text(client: Client, address: str) -> str:
    """Return the text of a page that must be there."""
    answer: Any = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return str(answer.content.decode())


def closed_to_others(row: Model) -> None:
    """Nobody without the right gets in: neither nobody, nor anybody, nor staff without permissions."""
    addresses = [list_of(type(row)), row_of(row), row_of(row, "history"), row_of(row, "delete")]
    for name, is_staff, status in (("", False, 302), ("anybody", False, 302), ("clerk", True, 403)):
        client = Client()
        if name:
            client.force_login(User.objects.create_user(name, is_staff=is_staff))
        for address in addresses:
            answer: Any = client.get(address)
            assert answer.status_code == status, (name, address)
            assert status == 403 or answer["Location"].startswith(reverse("admin:login"))


def refuses(client: Client, row: Model, *acts: str) -> None:
    """The named acts (`add`, `change`, `delete`) are refused even to a superuser, and change nothing."""
    model = type(row)
    before = list(model._default_manager.values())
    for act in acts:
        add = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_add")
        address = add if act == "add" else row_of(row, act)
        assert client.post(address, {"post": "yes"}).status_code == 403, act
    assert list(model._default_manager.values()) == before
