/** Which account is looked at; "All accounts" is one of the choices. */
import type { ReactNode } from "react";
import type { Summary } from "../../domain/book";

type AccountSelectProps = {
  account: number | null;
  accounts: readonly Summary[];
  onAccount: (account: number | null) => void;
};

export function AccountSelect({ account, accounts, onAccount }: AccountSelectProps): ReactNode {
  return (
    <label className="select account-select">
      <span className="sr-only">Account</span>
      <select
        value={account ?? "all"}
        onChange={(event) => onAccount(event.target.value === "all" ? null : Number(event.target.value))}
      >
        <option value="all">All accounts{accounts.length > 0 ? ` (${accounts.length})` : ""}</option>
        {accounts.map((one) => (
          <option key={one.account_id} value={one.account_id ?? ""}>
            {one.display_name}
            {one.account_type === null ? "" : ` · ${one.account_type === "CASH" ? "Cash" : "Margin"}`}
          </option>
        ))}
      </select>
    </label>
  );
}
