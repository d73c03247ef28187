import { render, screen } from "@testing-library/react";
import { expect, it } from "vitest";
import type { Connection } from "../../domain/book";
import { connection } from "../../testing/book";
import { ConnectionChip } from "./ConnectionChip";

const WEEK = new Date(Date.now() + 6.5 * 24 * 3600_000).toISOString();
const AGO = new Date(Date.now() - 60_000).toISOString();

function said(change: Partial<Connection>, serverReachable = true): string {
  const link = connection({ login_ends_at: WEEK, next_sync_at: null, ...change });
  const { unmount } = render(<ConnectionChip connection={link} serverReachable={serverReachable} />);
  const chip = screen.getByRole("link");
  const found = `${chip.className.replace("chip chip-", "")}: ${chip.textContent} (${chip.dataset.tip ?? ""})`;
  unmount();
  return found;
}
const met = (code: string, message: string): Partial<Connection> => ({ last_error: { code, message, action: "", at: AGO }, last_success_at: null });

it("tells login, throttling, outage, a worker that is not there and a lost server apart", () => {
  expect(said({})).toMatch(/^good: Schwab 6d 1\dh/);
  expect(said({ state: "reauth_required", ...met("reauth_required", "Gone.") })).toMatch(/^red: Sign-in needed/);
  expect(said(met("schwab_throttled", "Wait."))).toBe("amber: Schwab throttles (Schwab asks Thor to slow down. Wait.)");
  expect(said(met("schwab_outage", "503."))).toBe("amber: Schwab outage (Schwab does not answer as it should. 503.)");
  expect(said(met("something_new", "Hm."))).toBe("amber: Schwab trouble (Schwab could not be read. Hm.)");
  expect(said({ next_sync_at: AGO })).toMatch(/^amber: Sync overdue \(.*worker/);
  expect(said(met("schwab_outage", "503."), false)).toMatch(/^red: No server/);
  expect(said({ state: "none" })).toMatch(/^none: Not connected/);
});
