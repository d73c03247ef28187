import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { http, HttpResponse } from "msw";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { ClosedPosition } from "../../domain/book";
import { closed, money, position, present, quantity } from "../../testing/book";
import { InDesk } from "../../testing/InDesk";
import { PositionsPage } from "../../testing/PositionsPage";
import { server, url } from "../../testing/server";
import { strategies, strategy } from "../../testing/strategies";

beforeAll(() => server.listen({ onUnhandledFrame: "error" }));
beforeEach(() => window.localStorage.clear());
afterEach(() => server.resetHandlers());
afterAll(() => server.close());

const SHARES = position({ id: 1, symbol: "AAPL", market_value: money("23140"), pl_day: money("-120") });
const CALL = position({ id: 2, symbol: "AAPL  261218C00230000", underlying: "AAPL", asset_type: "OPT", put_call: "CALL", quantity: quantity("-1"), market_value: money("-512.5"), pl_day: money("14.25") });
const FORD = position({ id: 3, symbol: "F", market_value: money("1000"), pl_day: money("5"), pl_day_source: "computed", pl_day_broker: money("-40") });
const COVERED = strategy("Covered call 230 18 Dec 26", [[1, "AAPL", "100"], [2, CALL.symbol, "-1"]], { kind: "covered_call" });
const FACTS = { [CALL.symbol]: { in_the_money: true, moneyness_percent: "0.6", assignment_risk: "high" as const, assignment_reason: "No time value is left.", ex_dividend_date: null, dividend_amount: null } };

const tell = (list = [COVERED]) => server.use(http.get(url("/api/actandpos/strategies/"), () => HttpResponse.json({ ...strategies(list), facts: FACTS })));

function show({ rows = [SHARES, CALL, FORD], gone = [] as readonly ClosedPosition[], privacy = false, address = "/?account=1" } = {}): void {
  window.history.replaceState(null, "", address);
  render(<PositionsPage rows={rows} gone={gone} privacy={privacy} />, { wrapper: InDesk });
}

const group = async (text: string): Promise<HTMLElement> => present((await screen.findByText(text)).closest("tr"));

describe("groups", () => {
  it("have sub-totals, open and shut, and can be put together in other ways", async () => {
    tell();
    show();
    const head = await group("Covered call 230 18 Dec 26");
    expect(head.textContent).toContain("22,627.50");
    expect(head.textContent).toContain("\u2212105.75");
    head.focus();
    await userEvent.keyboard("{Enter}");
    expect(document.querySelector('tr[data-id="2"]')).toBeNull();
    await userEvent.click(within(head).getByRole("button", { expanded: false }));
    expect(document.querySelector('tr[data-id="2"]')).toBeTruthy();
    await userEvent.selectOptions(screen.getByRole("combobox"), "none");
    expect(document.querySelector("tr.group")).toBeNull();
    expect(window.location.search).toBe("?account=1&group=none");
  });

  it("warn of an assignment, with the reason", async () => {
    tell();
    show();
    const warning = await screen.findByRole("button", { name: "assignment" });
    expect(warning.getAttribute("data-tip")).toBe("No time value is left.");
  });

  it("are made by hand from chosen legs, and forgotten", async () => {
    tell([]);
    const sent: unknown[] = [];
    const mine = strategy("Pair", [[1, "AAPL", "100"], [3, "F", "100"]], { chosen: true, underlying: "" });
    server.use(
      http.put(url("/api/actandpos/strategies/"), async ({ request }) => {
        sent.push(await request.json());
        tell(sent.length === 1 ? [mine] : []);
        return HttpResponse.json(strategies([mine]));
      }),
    );
    show();
    await userEvent.click(screen.getByRole("button", { name: "Regroup" }));
    await userEvent.click(screen.getByRole("checkbox", { name: "Choose AAPL" }));
    expect(screen.getByRole<HTMLButtonElement>("button", { name: "Group as…" }).disabled).toBe(true);
    await userEvent.click(screen.getByRole("checkbox", { name: "Choose F" }));
    await userEvent.click(screen.getByRole("button", { name: "Group as…" }));
    await userEvent.type(screen.getByLabelText(/^Name/), "Pair");
    await userEvent.click(screen.getByRole("button", { name: "Group", hidden: true }));
    const head = await group("Pair");
    expect(head.textContent).toContain("24,140.00");
    const legs = [{ symbol: "AAPL", asset_type: "EQ" }, { symbol: "F", asset_type: "EQ" }];
    expect(sent).toEqual([{ account_id: 1, groups: [{ name: "Pair", legs }] }]);
    await userEvent.click(within(head).getByRole("button", { name: "forget" }));
    expect(await group("AAPL")).toBeTruthy();
    expect(sent[1]).toEqual({ account_id: 1, groups: [] });
  });

  it("say why the server refused one", async () => {
    tell([{ ...COVERED, chosen: true }]);
    server.use(http.put(url("/api/actandpos/strategies/"), () => HttpResponse.json({ detail: "F is not held in this account.", code: "not_groupable" }, { status: 400 })));
    show();
    await userEvent.click(await screen.findByRole("button", { name: "forget" }));
    expect((await screen.findByText("F is not held in this account.")).getAttribute("role")).toBe("alert");
  });
});

describe("what was closed today", () => {
  it("stays, marked, with what it realized, and counts in the day's P/L", () => {
    tell([]);
    show({ rows: [FORD], gone: [closed()] });
    const row = present(document.querySelector<HTMLElement>('tr[data-closed="1"]'));
    expect(row.textContent).toContain("closed");
    expect(row.textContent).toContain("realized +105.00");
    expect(row.textContent).toContain("\u221220.25");
    const foot = present(screen.getByText("Total of 1, 1 closed").closest("tr"));
    expect(foot.textContent).toContain("\u221215.25");
    expect(foot.textContent).toContain("1,000.00");
  });

  it("is shown also when nothing is held any more", () => {
    tell([]);
    show({ rows: [], gone: [closed()] });
    expect(document.querySelector('tr[data-closed="1"]')).toBeTruthy();
  });
});

describe("a figure of Thor's own", () => {
  it("is marked, and tells Schwab's on hover", () => {
    tell([]);
    show();
    expect(screen.getByRole("button", { name: "worked out" }).getAttribute("data-tip")).toContain("Schwab says \u221240.00.");
  });
});

describe("privacy mode", () => {
  it("hides amounts and leaves percentages and prices", () => {
    tell([]);
    show({ privacy: true });
    const row = present(document.querySelector<HTMLElement>('tr[data-id="3"]'));
    expect(row.textContent).not.toContain("1,000.00");
    expect(row.querySelector(".cell-mark_price")?.textContent).toBe("231.4000");
    expect(row.querySelector(".cell-pl_day_percent")?.textContent).toBe("\u22120.52%");
    expect(screen.getByRole("button", { name: "worked out" }).getAttribute("data-tip")).not.toContain("40.00");
  });
});

describe("the columns", () => {
  it("are chosen, moved and widened, and kept for the person", async () => {
    tell([]);
    show();
    await userEvent.click(screen.getByRole("button", { name: "Columns" }));
    const dialog = screen.getByRole("dialog", { hidden: true });
    await userEvent.click(within(dialog).getByLabelText("Description"));
    await userEvent.click(within(dialog).getByRole("button", { name: "P/L Day: further left", hidden: true }));
    await userEvent.click(within(dialog).getByRole("button", { name: "Qty: wider", hidden: true }));
    const heads = screen.getAllByRole("columnheader").map((head) => head.textContent);
    expect(heads).not.toContain("Description");
    expect(heads.indexOf("P/L Day")).toBe(heads.indexOf("P/L Open %") - 1);
    expect(JSON.parse(window.localStorage.getItem("thor.columns.demo") ?? "{}")).toMatchObject({ hidden: ["description"], widths: { quantity: 40 } });
    await userEvent.click(within(dialog).getByRole("button", { name: "Essential", hidden: true }));
    expect(screen.getAllByRole("columnheader").map((head) => head.textContent)).toEqual(["Symbol", "Qty", "Mark", "Mark Chg", "Market Value", "P/L Open", "P/L Day", "P/L Day %"]);
  });
});
