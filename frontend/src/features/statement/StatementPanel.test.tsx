import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { http, HttpResponse } from "msw";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { present, summary } from "../../testing/book";
import { InDesk } from "../../testing/InDesk";
import { server, url } from "../../testing/server";
import { statement, transaction } from "../../testing/statement";
import { PrivacyProvider } from "../../ui/Amount";
import { useView } from "../../ui/useView";
import { StatementPanel } from "./StatementPanel";

beforeAll(() => server.listen({ onUnhandledFrame: "error" }));
afterEach(() => server.resetHandlers());
afterAll(() => server.close());

let asked: URLSearchParams[] = [];
const tell = (answer: () => Response) =>
  server.use(
    http.get(url("/api/actandpos/statement/"), ({ request }) => {
      asked.push(new URL(request.url).searchParams);
      return answer();
    }),
  );

function Page({ privacy }: { privacy: boolean }) {
  const [view, setView] = useView();
  return (
    <PrivacyProvider value={privacy}>
      <StatementPanel accounts={[summary()]} view={view} setView={setView} />
    </PrivacyProvider>
  );
}

function show(address = "/?account=1", privacy = false): void {
  asked = [];
  window.history.replaceState(null, "", address);
  render(
    <InDesk>
      <Page privacy={privacy} />
    </InDesk>,
  );
}

describe("the statement", () => {
  it("asks for the chosen days, and keeps them in the address", async () => {
    tell(() => HttpResponse.json(statement()));
    show("/?account=1&range=custom&from=2026-02-01&to=2026-02-28");
    await screen.findByText("Sold Apple");
    expect(asked[0]?.toString()).toBe("account_id=1&from=2026-02-01&to=2026-02-28");
    await userEvent.click(within(screen.getByRole("group", { name: "Days" })).getByRole("button", { name: "Month" }));
    expect(window.location.search).toBe("?account=1&range=month");
  });

  it("does not ask for days in the wrong order, and says so", () => {
    tell(() => HttpResponse.json(statement()));
    show("/?range=custom&from=2026-03-01&to=2026-02-28");
    expect(screen.getAllByText("The first day comes after the last.").length).toBeGreaterThan(0);
    expect(asked).toEqual([]);
  });

  it("keeps what could not be matched out of the sum, with its reason", async () => {
    tell(() => HttpResponse.json(statement()));
    show();
    const foot = present((await screen.findByText("Total of 3")).closest("tr"));
    expect(foot.textContent).toContain("+490.57");
    expect(screen.getByText("1 not matched, so not in the P/L")).toBeTruthy();
    expect(screen.getByText("Opened before the book begins.")).toBeTruthy();
    const interest = present(screen.getByText("Interest").parentElement);
    expect(within(interest).getByRole("button").getAttribute("data-tip")).toBe("Not told apart from dividends.");
  });

  it("tells never read from nothing booked", async () => {
    tell(() => HttpResponse.json(statement({ transactions_checked_at: null, transactions: [] })));
    show();
    expect(await screen.findByText(/have not been read yet/)).toBeTruthy();
  });

  it("says when it cannot be read, and asks again", async () => {
    tell(() => HttpResponse.json({ detail: "x", code: "y" }, { status: 500 }));
    show();
    await screen.findByText(/could not be read/);
    tell(() => HttpResponse.json(statement()));
    await userEvent.click(screen.getByRole("button", { name: "Ask again" }));
    expect(await screen.findByText("Sold Apple")).toBeTruthy();
  });

  it("reads a year back, with its progress", async () => {
    tell(() => HttpResponse.json(statement()));
    let wanted: unknown = null;
    server.use(
      http.post(url("/api/schwab/history/"), async ({ request }) => {
        wanted = await request.json();
        const running = { account_id: 1, kind: "transactions", state: "running", wanted_from: "2025-11-22", reached_back_to: "2026-05-01", pages_done: 6, pages_total: 13, error: null };
        server.use(http.get(url("/api/schwab/history/"), () => HttpResponse.json([running])));
        return HttpResponse.json(running, { status: 202 });
      }),
    );
    show();
    await userEvent.click(await screen.findByRole("button", { name: "Load a year back" }));
    expect(await screen.findByText("Reading back to May 1, 2026, 6 of 13")).toBeTruthy();
    expect(screen.getByRole("progressbar").getAttribute("value")).toBe("6");
    expect(wanted).toMatchObject({ account_id: 1, kind: "transactions" });
  });

  it("draws only the rows in sight of many", async () => {
    const many = Array.from({ length: 400 }, (_, id) => transaction({ id }));
    tell(() => HttpResponse.json(statement({ transactions: many })));
    show();
    const table = within(await screen.findByRole("region", { name: "Transactions table" })).getByRole("table");
    expect(table.getAttribute("aria-rowcount")).toBe("401");
    expect(table.querySelectorAll("tbody tr[data-id]").length).toBeLessThan(100);
  });

  it("offers no file of amounts in privacy mode", async () => {
    tell(() => HttpResponse.json(statement()));
    show("/?account=1", true);
    await screen.findByText("Sold Apple");
    expect(screen.queryByRole("link", { name: "CSV" })).toBeNull();
    expect(screen.queryByText(/490\.67/)).toBeNull();
  });
});
