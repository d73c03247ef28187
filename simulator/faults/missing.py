"""Faults that leave something out of accounts: rows, the key of the rows, a whole account."""

from collections.abc import Callable
from typing import Annotated, Any, ClassVar

import msgspec

from simulator.faults.content import Altered
from simulator.faults.kind import Call

Account = dict[str, Any]


class OfAccount(Altered):
    """A kind that changes one account of an answer: the one named by its index or number, else the first that fits."""

    home: ClassVar[tuple[str, ...]] = ("accounts", "account")
    account: int | str | None = None

    def choose(self, content: Any, call: Call, fitting: Callable[[Account], bool]) -> Account | None:
        """The securitiesAccount to change."""
        number = self.number(call)
        for item in content if isinstance(content, list) else [content]:
            account: Account = item.get("securitiesAccount", {}) if isinstance(item, dict) else {}
            if (number is None or account.get("accountNumber") == number) and fitting(account):
                return account
        return None

    def number(self, call: Call) -> str | None:
        """The number of the account that is named."""
        accounts = call.scope["app"].state.simulation.world.accounts
        return next((item.number for item in accounts if self.account in (item.index, item.number)), None)


class MissingRows(OfAccount):
    """Rows left out of `positions` while the balances still count them: the last `rows`, or those of `symbols`."""

    rows: Annotated[int, msgspec.Meta(ge=1)] = 1
    symbols: list[str] = []

    def alter(self, content: Any, call: Call) -> Any:
        """The balances stay as they are."""
        account = self.choose(content, call, self._has_them)
        if account is None:
            return None
        held = account["positions"]
        kept = [row for row in held if row["instrument"]["symbol"] not in self.symbols]
        account["positions"] = kept if self.symbols else held[: max(0, len(held) - self.rows)]
        return content

    def _has_them(self, account: Account) -> bool:
        held = {row["instrument"]["symbol"] for row in account.get("positions", [])}
        return bool(held & set(self.symbols)) if self.symbols else bool(held)


class NoPositionsKey(OfAccount):
    """An account that holds something answers as if it were empty."""

    def alter(self, content: Any, call: Call) -> Any:
        """Take the key away."""
        account = self.choose(content, call, lambda found: "positions" in found)
        if account is None:
            return None
        del account["positions"]
        return content


class MissingAccount(OfAccount):
    """One account, the last unless it is named, left out of every list of accounts."""

    home: ClassVar[tuple[str, ...]] = ("accountNumbers", "accounts", "userPreference")

    def alter(self, content: Any, call: Call) -> Any:
        """In place, in the list or in the preferences' list."""
        listed = content["accounts"] if isinstance(content, dict) and "accounts" in content else content
        if not isinstance(listed, list) or not listed:
            return None
        number = self.number(call) or _number_in(listed[-1])
        kept = [item for item in listed if _number_in(item) != number]
        if len(kept) == len(listed):
            return None
        listed[:] = kept
        return content


def _number_in(item: Account) -> str:
    return str(item.get("securitiesAccount", item)["accountNumber"])
