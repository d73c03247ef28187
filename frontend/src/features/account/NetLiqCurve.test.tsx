import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { http, HttpResponse } from "msw";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { money, summary } from "../../testing/book";
import { netLiq } from "../../testing/history";
import { InDesk } from "../../testing/InDesk";
import { server, url } from "../../testing/server";
import { NetLiqCurve } from "./NetLiqCurve";

beforeAll(() => server.listen({ onUnhandledFrame: "error" }));
beforeEach(() => window.localStorage.clear());
afterEach(() => server.resetHandlers());
afterAll(() => server.close());

const tell = (answer: (range: string | null) => Response) =>
  server.use(http.get(url("/api/actandpos/net_liq/"), ({ request }) => answer(new URL(request.url).searchParams.get("range"))));

function show(): void {
  render(
    <InDesk>
      <NetLiqCurve account={1} summary={summary({ net_liq: money("26200") })} />
    </InDesk>,
  );
}

describe("the curve", () => {
  it("is read point by point with the keyboard, against the close before", async () => {
    tell(() => HttpResponse.json(netLiq({ account_id: 1 })));
    show();
    const slider = await screen.findByRole("slider");
    expect(slider.getAttribute("aria-valuetext")).toContain("26,177.03");
    slider.focus();
    await userEvent.keyboard("{Home}");
    expect(slider.getAttribute("aria-valuetext")).toBe("09:00 ET: 26,010.50");
    expect(screen.getByText("+10.50")).toBeTruthy();
    await userEvent.keyboard("{ArrowRight}");
    expect(screen.getByText("\u221210.00")).toBeTruthy();
    await userEvent.keyboard("{Escape}");
    expect(screen.getByText("+177.03")).toBeTruthy();
  });

  it("keeps the chosen span", async () => {
    tell((range) => HttpResponse.json(netLiq({ account_id: 1, range: range === "ytd" ? "ytd" : "1d", change: money(range === "ytd" ? "900" : "1") })));
    show();
    await userEvent.click(await screen.findByRole("button", { name: "YTD" }));
    expect(await screen.findByText("+900.00")).toBeTruthy();
    expect(window.localStorage.getItem("thor.span")).toBe("ytd");
  });

  it("says in words what is not there", async () => {
    tell(() => HttpResponse.json(netLiq({ account_id: 1, points: [], change: null })));
    show();
    expect(await screen.findByText(/No value of this span/)).toBeTruthy();
  });

  it("says when it cannot be read", async () => {
    tell(() => HttpResponse.json({ detail: "x", code: "y" }, { status: 500 }));
    show();
    expect(await screen.findByText(/could not be read/)).toBeTruthy();
  });
});
