import { fireEvent, render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Position } from "../../domain/book";
import { money, position, present, price, quantity } from "../../testing/book";
import { InDesk } from "../../testing/InDesk";
import { PositionsPage } from "../../testing/PositionsPage";
import { server } from "../../testing/server";

beforeAll(() => server.listen({ onUnhandledFrame: "error" }));
afterEach(() => server.resetHandlers());
afterAll(() => server.close());

const ROWS: readonly Position[] = [
  position({ id: 1, symbol: "AAPL", pl_day: money("-120"), market_value: money("23140") }),
  position({ id: 2, symbol: "MSFT", pl_day: money("5"), market_value: money("1000.10"), description: "Microsoft Corp" }),
  position({ id: 3, symbol: "SPY", pl_day: null, market_value: money("-50.05"), asset_type: "ETF", missing: { pl_day: "No close yet." } }),
  position({ id: 4, symbol: "XOM", pl_day: money("5"), market_value: money("9"), quantity: quantity("33.1245") }),
];

function show(rows = ROWS, address = "/?account=1"): (rows: readonly Position[]) => void {
  window.history.replaceState(null, "", address);
  const { rerender } = render(<PositionsPage rows={rows} />, { wrapper: InDesk });
  return (next) => rerender(<PositionsPage rows={next} />);
}

const bodyOf = (): HTMLElement => present(screen.getAllByRole("rowgroup")[1]);
const symbols = (): string[] =>
  within(bodyOf())
    .getAllByRole("rowheader")
    .map((cell) => cell.textContent);
const heading = (name: string): HTMLElement => screen.getByRole("columnheader", { name });
const click = (name: string): Promise<void> => userEvent.click(within(heading(name)).getByRole("button"));
const at = (id: number, column: string): string => document.querySelector<HTMLElement>(`tr[data-id="${id}"] .cell-${column}`)?.textContent ?? "";

describe("sorting", () => {
  it("has three states, with rows without a value always last", async () => {
    show();
    expect(symbols()).toEqual(["AAPL", "MSFT", "SPY", "XOM"]);
    await click("P/L Day");
    expect(heading("P/L Day").getAttribute("aria-sort")).toBe("descending");
    expect(symbols()).toEqual(["MSFT", "XOM", "AAPL", "SPY"]);
    expect(window.location.search).toBe("?account=1&sort=-pl_day");
    await click("P/L Day");
    expect(heading("P/L Day").getAttribute("aria-sort")).toBe("ascending");
    expect(symbols()).toEqual(["AAPL", "MSFT", "XOM", "SPY"]);
    await click("P/L Day");
    expect(heading("P/L Day").getAttribute("aria-sort")).toBe("none");
    expect(symbols()).toEqual(["AAPL", "MSFT", "SPY", "XOM"]);
  });

  it("takes a second key with Shift", async () => {
    show();
    const user = userEvent.setup();
    await click("P/L Day");
    await user.keyboard("{Shift>}");
    await user.click(within(heading("Market Value")).getByRole("button"));
    await user.keyboard("{/Shift}");
    expect(window.location.search).toBe("?account=1&sort=-pl_day,-market_value");
    expect(symbols()).toEqual(["MSFT", "XOM", "AAPL", "SPY"]);
  });

  it("comes from the address", () => {
    show(ROWS, "/?account=1&sort=market_value,nonsense");
    expect(symbols()).toEqual(["SPY", "XOM", "MSFT", "AAPL"]);
  });

  it("holds still under the pointer while figures move, and follows when it leaves", () => {
    const update = show(ROWS, "/?account=1&sort=-market_value");
    expect(symbols()).toEqual(["AAPL", "MSFT", "XOM", "SPY"]);
    const moved = ROWS.map((row) => (row.id === 4 ? { ...row, market_value: money("99999") } : row));
    fireEvent.pointerEnter(bodyOf());
    update(moved);
    expect(symbols()).toEqual(["AAPL", "MSFT", "XOM", "SPY"]);
    expect(at(4, "market_value")).toBe("99,999.00");
    expect(screen.getByText("order held")).toBeTruthy();
    fireEvent.pointerLeave(bodyOf());
    expect(symbols()).toEqual(["XOM", "AAPL", "MSFT", "SPY"]);
  });
});

describe("filtering", () => {
  it("says what is hidden, and clears", async () => {
    show();
    expect(screen.queryByText(/shown/)).toBeNull();
    await userEvent.type(screen.getByRole("searchbox"), "microsoft");
    expect(symbols()).toEqual(["MSFT"]);
    expect(screen.getByText("1 of 4 shown")).toBeTruthy();
    expect(screen.getByText("Total of 1 shown")).toBeTruthy();
    await userEvent.click(screen.getByRole("button", { name: "clear" }));
    expect(symbols()).toHaveLength(4);
    expect(screen.queryByText(/ shown/)).toBeNull();
  });

  it("by kind, kept in the address", async () => {
    show();
    await userEvent.click(screen.getByRole("button", { name: /ETFs/ }));
    expect(symbols()).toEqual(["SPY"]);
    expect(window.location.search).toBe("?account=1&type=ETF");
  });

  it("never leaves an empty table unexplained", () => {
    show(ROWS, "/?account=1&q=zzz");
    expect(screen.getByText("None of 4 positions fits the filter.")).toBeTruthy();
    expect(screen.getByText("0 of 4 shown")).toBeTruthy();
  });
});

describe("figures", () => {
  it("are a dash with a reason when missing, never 0", () => {
    show();
    const cell = present(document.querySelector<HTMLElement>('tr[data-id="3"] .cell-pl_day'));
    const button = within(cell).getByRole("button");
    expect(button.textContent).toContain("—");
    expect(button.getAttribute("data-tip")).toBe("No close yet.");
    expect(document.getElementById(button.getAttribute("aria-describedby") ?? "")?.textContent).toBe("No close yet.");
  });

  it("add up exactly at the foot, and say what is left out", () => {
    show();
    const foot = present(screen.getAllByRole("rowgroup")[2]);
    expect(foot.textContent).toContain("24,099.05");
    expect(foot.textContent).toContain("\u2212110.00");
    expect(within(foot).getByRole("img", { name: "not all rows" })).toBeTruthy();
  });

  it("light up when the mark moves, anew each time, but not on first load", () => {
    const light = (id: number): DOMStringMap => present(document.querySelector<HTMLElement>(`tr[data-id="${id}"] .mark`)).dataset;
    const update = show();
    expect(light(1).beat).toBeUndefined();
    update(ROWS.map((row) => (row.id === 1 ? { ...row, mark_price: price("231.5") } : row)));
    expect(light(1).moved).toBe("up");
    const first = light(1).beat;
    update(ROWS);
    expect(light(1).moved).toBe("down");
    expect([first, light(1).beat].sort()).toEqual(["0", "1"]);
    expect(light(2).beat).toBeUndefined();
  });

  it("do not light up again once they have faded", () => {
    const update = show();
    update(ROWS.map((row) => (row.id === 1 ? { ...row, mark_price: price("231.5") } : row)));
    const mark = present(document.querySelector<HTMLElement>('tr[data-id="1"] .mark'));
    fireEvent.animationEnd(mark);
    expect(mark.dataset.beat).toBeUndefined();
  });

  it("tell the difference to net liq", () => {
    show();
    expect(screen.getByText(/Net liq by/).textContent).toContain("\u22123,424.78");
  });
});

describe("many rows", () => {
  const many = Array.from({ length: 1000 }, (_, index) => position({ id: index + 1, symbol: `X${String(index).padStart(4, "0")}` }));

  it("are not all drawn, but all counted", () => {
    show(many);
    expect(document.querySelectorAll("tbody tr[data-id]").length).toBeLessThan(100);
    expect(screen.getByRole("table").getAttribute("aria-rowcount")).toBe("1002");
    expect(screen.getByText("Total of 1000")).toBeTruthy();
  });

  it("are all drawn up to a hundred", () => {
    show(many.slice(0, 100));
    expect(document.querySelectorAll("tbody tr[data-id]")).toHaveLength(100);
  });
});
