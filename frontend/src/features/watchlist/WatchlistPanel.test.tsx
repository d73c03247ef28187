import { QueryClientProvider } from "@tanstack/react-query";
import { act, render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { http, HttpResponse } from "msw";
import type { ReactNode } from "react";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { newQueryClient } from "../../app/App";
import * as quotesDomain from "../../domain/quotes";
import { LiveProvider, useLiveDesk } from "../../queries/live";
import { useWatchlist } from "../../queries/watchlist";
import { price, quote } from "../../testing/book";
import { server, url } from "../../testing/server";
import { FakeSocket } from "../../testing/socket";
import { WatchlistPanel } from "./WatchlistPanel";

vi.mock(import("../../domain/quotes"), async (original) => {
  const real = await original();
  return { ...real, quoteNote: vi.fn(real.quoteNote) };
});

let kept: string[] = [];
const PATH = "/api/livedata/watchlist/";

beforeAll(() => server.listen({ onUnhandledFrame: "error" }));
beforeEach(() => {
  kept = ["SPY", "QQQ", "AAPL  260918C00220000"];
  server.use(
    http.get(url(PATH), () => HttpResponse.json({ symbols: kept })),
    http.put(url(PATH), async ({ request }) => {
      const { symbols } = (await request.json()) as { symbols: string[] };
      if (symbols.includes("A B")) return HttpResponse.json({ detail: "symbols: 3: 'A B' cannot be a symbol.", code: "invalid" }, { status: 400 });
      kept = symbols;
      return HttpResponse.json({ symbols });
    }),
    http.get(url("/api/livedata/quotes/"), () => HttpResponse.json({ quotes: [quote(), quote({ symbol: "QQQ", halted: true, status: "Halted" })], unknown: [] })),
  );
});
afterEach(() => server.resetHandlers());
afterAll(() => server.close());

function Inner(): ReactNode {
  return <WatchlistPanel list={useWatchlist(false)} />;
}
function Page(): ReactNode {
  return (
    <LiveProvider value={useLiveDesk()}>
      <Inner />
    </LiveProvider>
  );
}

async function open(): Promise<void> {
  render(
    <QueryClientProvider client={newQueryClient()}>
      <Page />
    </QueryClientProvider>,
  );
  await waitFor(() => expect(rows()).toHaveLength(kept.length));
}

const rows = (): string[] => [...document.querySelectorAll(".watchlist tbody .symbol")].map((one) => one.textContent);
const row = (symbol: string): HTMLElement => screen.getByText(symbol).closest("tr") ?? document.body;
const button = (name: string): HTMLElement => screen.getByRole("button", { name });
const field = (): Promise<HTMLElement> => screen.findByLabelText("Symbol to watch");

describe("the watchlist", () => {
  it("shows each symbol with its quote, and in words what is wrong with it", async () => {
    await open();
    await waitFor(() => expect(row("SPY").textContent).toContain("610.0200"));
    expect(rows()).toEqual(["SPY", "QQQ", "AAPL 18 Sep 26 220 C"]);
    expect(row("SPY").textContent).toContain("610.0100 × 610.0300");
    expect(within(row("QQQ")).getByRole("button", { name: "Halted" })).toBeTruthy();
    expect(within(row("AAPL 18 Sep 26 220 C")).getByRole("button", { name: "No quote" })).toBeTruthy();
  });

  it("says so when it is empty", async () => {
    kept = [];
    await open();
    expect(await screen.findByText(/Nothing is watched yet/)).toBeTruthy();
  });

  it("takes a symbol, in capitals, at the end", async () => {
    await open();
    await userEvent.type(await field(), " gld {Enter}");
    await waitFor(() => expect(rows().at(-1)).toBe("GLD"));
    expect(kept).toEqual(["SPY", "QQQ", "AAPL  260918C00220000", "GLD"]);
    expect(((await field()) as HTMLInputElement).value).toBe("");
  });

  it.each([
    ["{Enter}", "Type a symbol first, for example SPY."],
    ["spy{Enter}", "SPY is on the list already."],
    ["a b{Enter}", "'A B' cannot be a symbol."],
  ])("explains why it does not take %s", async (typed, reason) => {
    await open();
    await waitFor(() => expect(rows()).toHaveLength(3));
    await userEvent.type(await field(), typed);
    await waitFor(() => expect(screen.getByRole("alert").textContent).toBe(reason));
    expect(rows()).toHaveLength(3);
    await userEvent.type(await field(), "x");
    expect(screen.getByRole("alert").textContent).toBe("");
  });

  it("moves by buttons, keeps the focus and tells where to", async () => {
    await open();
    await userEvent.click(await screen.findByRole("button", { name: "Move QQQ up" }));
    await waitFor(() => expect(rows()[0]).toBe("QQQ"));
    expect(document.activeElement).toBe(button("Move QQQ up"));
    expect(screen.getByText("QQQ is now 1 of 3")).toBeTruthy();
    await waitFor(() => expect(kept[0]).toBe("QQQ"));
    await userEvent.click(button("Move QQQ up"));
    expect(rows()[0]).toBe("QQQ");
  });

  it("moves by the keyboard", async () => {
    await open();
    (await screen.findByRole("button", { name: "Move SPY down" })).focus();
    await userEvent.keyboard("{Alt>}{ArrowDown}{ArrowDown}{/Alt}");
    await waitFor(() => expect(kept).toEqual(["QQQ", "AAPL  260918C00220000", "SPY"]));
    expect(document.activeElement).toBe(button("Move SPY down"));
  });

  it("lets go of a symbol, and moves from the list as it is then", async () => {
    await open();
    await userEvent.click(await screen.findByRole("button", { name: "Remove QQQ" }));
    await waitFor(() => expect(kept).toEqual(["SPY", "AAPL  260918C00220000"]));
    await userEvent.click(button("Move AAPL 18 Sep 26 220 C up"));
    await waitFor(() => expect(kept).toEqual(["AAPL  260918C00220000", "SPY"]));
  });

  it("follows the socket, and draws only what was told", async () => {
    await open();
    await waitFor(() => expect(row("SPY").textContent).toContain("610.0200"));
    const socket = FakeSocket.last();
    socket.accept();
    expect(socket.asked("subscribe")).toEqual(["live_data:quotes:SPY", "live_data:quotes:QQQ", "live_data:quotes:AAPL  260918C00220000"]);
    vi.mocked(quotesDomain.quoteNote).mockClear();
    act(() => socket.tell({ ...quote({ mark: price("700"), stale: true }), type: "quote" }));
    await waitFor(() => expect(row("SPY").textContent).toContain("700.0000"));
    expect(within(row("SPY")).getByRole("button", { name: "Stale" })).toBeTruthy();
    expect(vi.mocked(quotesDomain.quoteNote).mock.calls.map(([told]) => told?.symbol)).toEqual(["SPY"]);
  });
});
