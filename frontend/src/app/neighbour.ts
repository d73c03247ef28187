/** The account before or after the present one, "all accounts" included, round and round. */
import type { Summary } from "../domain/book";

export function neighbour(accounts: readonly Summary[], account: number | null, by: 1 | -1): number | null {
  const ring = [null, ...accounts.map((one) => one.account_id)];
  const at = Math.max(0, ring.indexOf(account));
  return ring[(at + by + ring.length) % ring.length] ?? null;
}
