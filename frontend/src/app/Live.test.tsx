import { act, render, screen, waitFor, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { Profiler } from "react";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import * as names from "../domain/optionName";
import { activity, connection, money, order, percent, position, positions, present, price, summary } from "../testing/book";
import { balancesSnapshot, marksMessage, positionsChange, positionsSnapshot, pulse } from "../testing/live";
import { answers, server, url } from "../testing/server";
import { FakeSocket } from "../testing/socket";
import { App } from "./App";

vi.mock(import("../domain/optionName"), async (original) => {
  const real = await original();
  return { readableName: vi.fn(real.readableName) };
});

const ROWS = ["AAPL", "MSFT", "XOM"].map((symbol, index) => position({ id: index + 1, symbol }));
const commits = vi.fn();

beforeAll(() => server.listen({ onUnhandledFrame: "error" }));
beforeEach(() => {
  server.use(http.get(url("/api/positions/"), () => HttpResponse.json(positions(ROWS))));
});
afterEach(() => server.resetHandlers());
afterAll(() => server.close());

const frame = (): Promise<void> => act(() => new Promise<void>((resolve) => requestAnimationFrame(() => setTimeout(resolve, 20))));
/** Longer than a fresh look settles. */
const settled = (): Promise<void> => act(() => new Promise<void>((resolve) => setTimeout(resolve, 300)));
const cell = (id: number, column: string): string => document.querySelector<HTMLElement>(`tr[data-id="${id}"] .cell-${column}`)?.textContent ?? "";
const netLiq = (): string => present(document.querySelector(".figure-net dd .num")).textContent;
const panel = (name: string): HTMLElement => screen.getByRole("region", { name });
const drawn = (): Set<string> => new Set(vi.mocked(names.readableName).mock.calls.map(([row]) => row.symbol));
const socketChip = (): HTMLElement => screen.getByRole("button", { name: /^Socket/ });

/** The whole page with its socket open and everything told. */
async function open(address = "/?account=1"): Promise<FakeSocket> {
  window.history.replaceState(null, "", address);
  render(
    <Profiler id="page" onRender={commits}>
      <App />
    </Profiler>,
  );
  await waitFor(() => expect(cell(1, "mark_price")).toBe("231.4000"));
  await screen.findByText("No orders today.");
  const socket = FakeSocket.last();
  socket.accept();
  socket.tell(balancesSnapshot(4));
  socket.tell(positionsSnapshot(4, ROWS));
  socket.tell({ type: "orders", account_id: 1, version: 2, changed: [], snapshot: true });
  await frame();
  return socket;
}

describe("a tick", () => {
  it("draws the rows it moves and no others, in one commit for all that came in a frame", async () => {
    const socket = await open();
    await frame();
    vi.mocked(names.readableName).mockClear();
    commits.mockClear();
    for (let seq = 1; seq <= 20; seq += 1) {
      const cents = money(String(26000 + seq));
      socket.tell(marksMessage(4, seq, [{ id: 2, mark_price: price(String(300 + seq)) }], { net_liq: cents }));
    }
    await frame();
    expect(cell(2, "mark_price")).toBe("320.0000");
    expect(netLiq()).toBe("26,020.00");
    expect(drawn()).toEqual(new Set(["MSFT"]));
    // One for the frame; the page's clock, once a second, may add its own.
    expect(commits.mock.calls.length).toBeLessThanOrEqual(2);
  });

  it("draws no row for a tick of the balances alone, nor for the accounts' list that moves with it", async () => {
    const socket = await open("/");
    await frame();
    vi.mocked(names.readableName).mockClear();
    socket.tell(marksMessage(4, 1, [], { net_liq: money("5") }));
    await frame();
    expect(netLiq()).toBe("5.00");
    expect(drawn()).toEqual(new Set());
  });

  it("lights up the mark, but a first or fresh look does not", async () => {
    const beat = (): string | undefined => present(document.querySelector<HTMLElement>('tr[data-id="3"] .mark')).dataset.beat;
    const socket = await open();
    socket.tell(positionsSnapshot(4, ROWS));
    socket.tell(marksMessage(4, 7, [{ id: 3, mark_price: price("99") }]));
    await frame();
    expect(cell(3, "mark_price")).toBe("99.0000");
    socket.tell(marksMessage(4, 8, [{ id: 3, mark_price: price("98.5") }]));
    await frame();
    expect(beat()).toBeUndefined();
    await settled();
    socket.tell(marksMessage(4, 9, [{ id: 3, mark_price: price("98"), pl_day: money("1") }]));
    await frame();
    expect(beat()).toBeDefined();
  });
});

describe("a change of the book", () => {
  it("brings rows and takes rows away", async () => {
    const socket = await open();
    socket.tell(positionsChange(4, 5, [position({ id: 9, symbol: "GLD" })], [2]));
    await frame();
    expect(cell(9, "mark_price")).toBe("231.4000");
    expect(screen.queryByText("MSFT")).toBeNull();
  });

  it("of the orders is read anew", async () => {
    const socket = await open();
    server.use(http.get(url("/api/actandpos/activity/today/"), () => HttpResponse.json(activity({ filled_orders: [order({ status: "FILLED", status_group: "filled" })] }))));
    socket.tell({ type: "orders", account_id: 1, version: 3, changed: [1] });
    await frame();
    expect(await within(panel("Activity today")).findByText("INTC")).toBeTruthy();
  });
});

describe("all accounts", () => {
  const two = [summary({ net_liq: money("100.1") }), summary({ account_id: 2, display_name: "IRA …118", net_liq: money("200.2") })];

  it("are added up exactly, and the percentage follows from the sums", async () => {
    server.use(
      answers.accounts(two),
      http.get(url("/api/actandpos/account_summary/"), () =>
        HttpResponse.json(summary({ account_id: null, net_liq: money("300.3"), pl_day: money("-151"), pl_day_percent: percent("-0.5") })),
      ),
    );
    const socket = await open("/");
    for (const account of [1, 2]) {
      socket.tell(balancesSnapshot(4, present(two[account - 1]), account));
      socket.tell(positionsSnapshot(4, account === 1 ? ROWS : [], account));
    }
    await frame();
    expect(document.querySelector(".figure-day .reveal + span + .reveal")?.textContent).toContain("0.50%");
    socket.tell(marksMessage(4, 1, [], { net_liq: money("100.2") }));
    await frame();
    expect(netLiq()).toBe("300.40");
    expect(document.querySelector(".figure-day .reveal + span + .reveal")?.textContent).toContain("33.45%");
  });
});

describe("the words", () => {
  it("tell live from polled, and the socket from the data", async () => {
    const socket = await open();
    expect(within(panel("Positions")).getByText("Live")).toBeTruthy();
    expect(socketChip().textContent).toBe("Socket open");
    socket.tell({ type: "bus", state: "down" });
    await frame();
    expect(within(panel("Positions")).getByText("Polled")).toBeTruthy();
    expect(socketChip().textContent).toBe("Socket no bus");
    expect(socketChip().dataset.tip).toMatch(/Redis/);
    socket.end();
    await frame();
    expect(socketChip().textContent).toMatch(/^Socket (down|connecting)$/);
  });

  it("do not call live what the streamer does not send", async () => {
    server.use(answers.connection({ stream: { ...connection().stream, state: "down", reason: "Schwab's streamer does not answer." } }));
    const socket = await open();
    socket.tell(marksMessage(4, 1, [{ id: 1, mark_price: price("1") }]));
    await frame();
    expect(within(panel("Positions")).getByText("Polled")).toBeTruthy();
    expect(within(panel("Connection")).getByText(/Schwab's streamer does not answer\./)).toBeTruthy();
    expect(socketChip().textContent).toBe("Socket open");
  });

  it("name what is polled beside the stream", async () => {
    server.use(answers.connection({ stream: { ...connection().stream, polled_symbols: ["ZEAAI", "AAPL  260918C00220000"] } }));
    await open();
    expect(within(panel("Connection")).getByText(/ZEAAI, AAPL 18 Sep 26 220 C/)).toBeTruthy();
  });

  it("follow the heartbeat", async () => {
    const socket = await open();
    socket.beat({ 1: pulse({ is_stale: true, checked_at: new Date(Date.now() + 86_400_000).toISOString() }) });
    await frame();
    expect(within(panel("Positions")).getByText("Stale")).toBeTruthy();
  });
});

describe("an end", () => {
  it("of the login leads to the door", async () => {
    const socket = await open();
    act(() => socket.end(4401));
    expect(await screen.findByLabelText("Password")).toBeTruthy();
    expect(screen.queryByText("AAPL")).toBeNull();
  });

  it("of the desk closes the socket", async () => {
    server.use(http.post(url("/api/auth/logout/"), () => new HttpResponse(null, { status: 204 })));
    const socket = await open();
    act(() => screen.getByRole("button", { name: "Sign out" }).click());
    await screen.findByLabelText("Password");
    expect(socket.readyState).toBe(FakeSocket.CLOSED);
  });

  it("of the streamer shows Schwab's own figures again", async () => {
    const socket = await open();
    socket.tell(marksMessage(4, 1, [{ id: 1, mark_price: price("999") }]));
    await frame();
    expect(cell(1, "mark_price")).toBe("999.0000");
    server.use(answers.connection({ stream: { ...connection().stream, state: "off" } }));
    act(() => void window.dispatchEvent(new Event("visibilitychange")));
    await waitFor(() => expect(cell(1, "mark_price")).toBe("231.4000"));
  });
});
