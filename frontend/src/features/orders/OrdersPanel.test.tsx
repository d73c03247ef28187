import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { http, HttpResponse } from "msw";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Activity, OrderDetail } from "../../domain/book";
import { activity, at, money, order, present, price, quantity, summary } from "../../testing/book";
import { InDesk } from "../../testing/InDesk";
import { server, url } from "../../testing/server";
import { OrdersPanel } from "./OrdersPanel";

beforeAll(() => server.listen({ onUnhandledFrame: "error" }));
afterEach(() => server.resetHandlers());
afterAll(() => server.close());

const PARTLY = order({ id: 7, filled_quantity: quantity("40") });
const CHILD = order({ id: 8, parent_id: 7, side: "SELL", limit_price: price("25") });
const REJECTED = order({ id: 9, status: "REJECTED", status_group: "canceled", symbol: "F", status_description: "Not enough buying power." });

const STORY: OrderDetail = {
  order: { ...PARTLY, fees: money("0.65"), terms: { special_instruction: "ALL_OR_NONE" } },
  parent: null,
  children: [CHILD],
  fills: [{ leg_id: 1, symbol: "INTC", side: "BUY", quantity: quantity("40"), price: price("22.04"), filled_at: at(-30_000) }],
  timeline: [
    { at: at(-60_000), noticed: false, kind: "entered", status: "WORKING", text: "", quantity: null, price: null, order_id: 7 },
    { at: at(-45_000), noticed: true, kind: "changed", status: "WORKING", text: "limit price 22 to 22.05", quantity: null, price: null, order_id: 7 },
    { at: at(-30_000), noticed: false, kind: "fill", status: "WORKING", text: "", quantity: quantity("40"), price: price("22.04"), order_id: 7 },
  ],
};

const story = (answer = (): Response => HttpResponse.json(STORY)) => http.get(url("/api/actandpos/orders/7/"), answer);

function show(change: Partial<Activity> = {}): void {
  const shown = activity({ working_orders: [PARTLY, CHILD], canceled_orders: [REJECTED], ...change });
  render(
    <InDesk>
      <OrdersPanel activity={shown} accounts={[summary()]} mixed={false} freshness={{ state: "polled", ageMs: 0 }} />
    </InDesk>,
  );
}

const row = (id: number): HTMLElement => present(document.querySelector<HTMLElement>(`tr[data-id="${id}"]`));
const disclosure = (id: number): HTMLElement => within(row(id)).getByRole("button", { expanded: false });

describe("a row", () => {
  it("shows what is filled as a share, and a child under its parent", () => {
    show();
    expect(within(row(7)).getByRole("img", { name: "40 of 100 filled" })).toBeTruthy();
    expect(within(row(8)).queryByRole("img")).toBeNull();
    expect(row(8).querySelectorAll(".rail-end")).toHaveLength(1);
    expect(row(9).textContent).toContain("Not enough buying power.");
    expect(screen.getByText("1 rejected")).toBeTruthy();
  });

  it("opens into its story and closes again", async () => {
    server.use(story());
    show();
    await userEvent.click(disclosure(7));
    const items = within(present((await screen.findByText("Timeline")).parentElement)).getAllByRole("listitem");
    expect(items.map((item) => item.textContent.replace(/^.*?(?=[A-Z][a-z]+ed)/, ""))).toEqual([
      "Entered",
      "Changed: limit price 22 to 22.05 · noticed",
      "Filled 40 at 22.0400",
    ]);
    expect(screen.getByText("0.65")).toBeTruthy();
    expect(screen.getByText("All or none")).toBeTruthy();
    expect(screen.getByText(/Sell 100 INTC/)).toBeTruthy();
    await userEvent.click(within(row(7)).getByRole("button", { expanded: true }));
    expect(screen.queryByText("Timeline")).toBeNull();
  });

  it("opens with Enter when it has the focus", async () => {
    server.use(story());
    show();
    row(7).focus();
    await userEvent.keyboard("{Enter}");
    expect(await screen.findByText("Timeline")).toBeTruthy();
    await userEvent.keyboard("{Enter}");
    expect(screen.queryByText("Timeline")).toBeNull();
  });

  it("says when its story cannot be read, and asks again", async () => {
    server.use(story(() => HttpResponse.json({ detail: "x", code: "y" }, { status: 500 })));
    show();
    await userEvent.click(disclosure(7));
    expect(await screen.findByText(/could not be read/)).toBeTruthy();
    server.use(story());
    await userEvent.click(screen.getByRole("button", { name: "Ask again" }));
    expect(await screen.findByText("Timeline")).toBeTruthy();
  });
});
