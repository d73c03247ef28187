"""The holdings as strategies over HTTP: sums that add up, facts, and groups put together by hand."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from msgspec.structs import replace

from actandpos.models import Account, StrategyChoice
from actandpos.tests.book import account, apply, option, row, signed_in, trader

pytestmark = pytest.mark.django_db
DEC = date(2026, 12, 18)
CALL = "XYZ   261218C00220000"
HIGHER = "XYZ   261218C00230000"
ADDRESS = "/api/actandpos/strategies/"


@pytest.fixture
def covered(owner: User) -> Account:
    """250 shares, two short calls against them, and a spread's long leg."""
    made = account(owner)
    shares = row("XYZ", "52500", quantity=Decimal(250), mark_price=Decimal(210), pl_day=Decimal("33.3333"))
    short = option(CALL, DEC, quantity=Decimal(-3), value="-1500")
    apply(made, 1, shares, short, row("AAA"))
    return made


def told(browser: Client, account: Account) -> Any:
    """Return the strategies of an account."""
    return browser.get(f"{ADDRESS}?account_id={account.pk}").json()


def sums(answer: Any, key: str) -> Decimal:
    """Add a figure up over the strategies."""
    return sum((Decimal(each[key]) for each in answer["strategies"]), Decimal(0))


def regroup(browser: Client, account: Account, *groups: tuple[str, list[tuple[str, str]]]) -> Any:
    """Put legs together by hand."""
    body = {
        "account_id": account.pk,
        "groups": [
            {"name": name, "legs": [{"symbol": symbol, "asset_type": kind} for symbol, kind in legs]}
            for name, legs in groups
        ],
    }
    return browser.put(ADDRESS, body, content_type="application/json")


def test_split_rows_add_up_to_the_rows(covered: Account, browser: Client) -> None:
    answer = told(browser, covered)
    assert [(each["name"], each["legs"][0]["quantity"]) for each in answer["strategies"]] == [
        ("AAA", "10"),
        ("Covered call 220 18 Dec 26", "200"),
        ("XYZ", "50"),
        ("220 C 18 Dec 26", "-1"),
    ]
    rows = browser.get(f"/api/positions?account_id={covered.pk}").json()["positions"]
    for key in ("market_value", "cost_basis", "pl_open", "pl_day"):
        assert sums(answer, key) == sum(Decimal(each[key]) for each in rows)
    assert answer["version"] == 1


def test_a_figure_that_a_leg_lacks_is_null_with_its_reason(covered: Account, browser: Client) -> None:
    apply(
        covered,
        2,
        row("XYZ", "52500", quantity=Decimal(250), pl_open=None),
        option(CALL, DEC, quantity=Decimal(-2)),
    )
    spread = told(browser, covered)["strategies"][0]
    assert (spread["pl_open"], spread["missing"]) == (None, {"pl_open": "A leg has no such figure."})


def test_facts_of_short_options_and_dividends(
    covered: Account, browser: Client, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.BOOK_FACTS = "actandpos.tests.test_strategy_views.feed"
    facts = told(browser, covered)["facts"]
    assert facts[CALL]["in_the_money"] is True
    assert facts[CALL]["moneyness_percent"] == "6.82"
    assert facts[CALL]["assignment_risk"] in ("watch", "high")
    assert (facts["XYZ"]["in_the_money"], facts["XYZ"]["dividend_amount"]) == (None, "0.25")
    assert facts["AAA"]["ex_dividend_date"] is None
    settings.BOOK_FACTS = ""
    assert told(browser, covered)["facts"][CALL]["in_the_money"] is False  # the held share's own mark: 210


def feed(symbols: Any) -> dict[str, Any]:
    """Stand for the feed."""
    return {"XYZ": (Decimal(235), date(2026, 12, 1), Decimal("0.25"))}


def test_legs_put_together_by_hand_stay_together(covered: Account, browser: Client) -> None:
    answer = regroup(browser, covered, ("Mine", [("AAA", "EQ"), (CALL, "OPT")])).json()
    (mine,) = [each for each in answer["strategies"] if each["chosen"]]
    assert (mine["name"], mine["kind"], len(mine["legs"])) == ("Mine", "custom", 2)
    apply(covered, 2, row("AAA"), row("XYZ"))
    later = [each for each in told(browser, covered)["strategies"] if each["chosen"]]
    assert [(each["name"], len(each["legs"])) for each in later] == [("Mine", 1)]
    assert regroup(browser, covered).json()["strategies"][0]["chosen"] is False
    assert not StrategyChoice.objects.exists()


def test_a_group_that_makes_a_known_strategy_is_called_so(owner: User, browser: Client) -> None:
    made = account(owner)
    higher = replace(option(HIGHER, DEC, quantity=Decimal(-10)), strike=Decimal(230))
    apply(made, 1, option(CALL, DEC), higher)
    answer = regroup(browser, made, ("", [(CALL, "OPT"), (HIGHER, "OPT")])).json()
    assert [(each["name"], each["kind"], each["chosen"]) for each in answer["strategies"]] == [
        ("Vertical 220/230 C 18 Dec 26", "vertical", True)
    ]


@pytest.mark.parametrize(
    ("groups", "words"),
    [
        ([("", [("NOPE", "EQ")])], "NOPE is not held"),
        ([("a", [("AAA", "EQ")]), ("b", [("AAA", "EQ")])], "in two groups"),
        ([("", [])], "at least one leg"),
        ([("n" * 61, [("AAA", "EQ")])], "60 characters"),
    ],
)
def test_a_wish_that_cannot_be_met_changes_nothing(
    covered: Account, browser: Client, groups: Any, words: str
) -> None:
    regroup(browser, covered, ("Mine", [("AAA", "EQ")]))
    answer = regroup(browser, covered, *groups)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_groups")
    assert words in answer.json()["detail"]
    assert StrategyChoice.objects.get().name == "Mine"


def test_only_ones_own_account(covered: Account, client: Client) -> None:
    stranger = signed_in(trader("stranger"))
    assert stranger.get(f"{ADDRESS}?account_id={covered.pk}").status_code == 404
    assert regroup(stranger, covered).status_code == 404
    assert regroup(client, covered).status_code == 401
    assert signed_in(covered.owner).put(ADDRESS, "[", content_type="application/json").status_code == 400
    refused = signed_in(covered.owner).post(ADDRESS)
    assert (refused.status_code, refused["Allow"]) == (405, "GET, HEAD, PUT")
