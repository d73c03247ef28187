import { describe, expect, it } from "vitest";
import { at, connection, NOW } from "../testing/book";
import { banners, errorWords, type BannerFacts } from "./banners";
import type { Connection } from "./book";

const HOUR = 3_600_000;
const facts = (change: Partial<Connection>, more: Partial<BannerFacts> = {}): BannerFacts => ({
  connection: connection(change),
  serverReachable: true,
  lastHeardAt: NOW,
  unlinked: [],
  hasAccounts: true,
  now: NOW,
  ...more,
});
const levels = (leftMs: number): string[] => banners(facts({ login_ends_at: at(leftMs) })).map((one) => one.level);

describe("Schwab's seven-day login", () => {
  it("is quiet, then amber at 48 hours, red at 12, blocking at the end", () => {
    expect(levels(73 * HOUR)).toEqual([]);
    expect(levels(71 * HOUR)).toEqual(["quiet"]);
    expect(levels(48 * HOUR)).toEqual(["amber"]);
    expect(levels(13 * HOUR)).toEqual(["amber"]);
    expect(levels(12 * HOUR)).toEqual(["red"]);
    expect(levels(0)).toEqual(["blocking"]);
  });

  it("blocks as soon as the server says so, with the reason and the way out", () => {
    const error = { code: "reauth_required", message: "Schwab's sign-in has ended.", action: "Connect Schwab again.", at: at(-1000) };
    const [banner, ...others] = banners(facts({ state: "reauth_required", last_error: error }));
    expect(banner).toMatchObject({ level: "blocking", action: "connect" });
    expect(banner?.text).toContain("Schwab's sign-in has ended.");
    expect(others).toEqual([]);
  });

  it("says how long, in words that change seldom", () => {
    const [banner] = banners(facts({ login_ends_at: at(11.5 * HOUR) }));
    expect(banner?.title).toBe("Schwab's login ends in 11 hours.");
  });

  it("says nothing before there is a connection, but does after a disconnect", () => {
    expect(banners(facts({ state: "none", login_ends_at: null }, { hasAccounts: false }))).toEqual([]);
    expect(banners(facts({ state: "none", login_ends_at: null }))).toMatchObject([{ level: "amber", action: "connect" }]);
    expect(banners({ ...facts({}), connection: null })).toEqual([]);
  });
});

describe("errors", () => {
  const error = (code: string): Connection["last_error"] => ({ code, message: "What.", action: "Do.", at: at(-1000) });

  it("tells throttling from an outage, from the login, from the set-up", () => {
    const titles = ["schwab_throttled", "schwab_outage", "not_authorized", "client_refused", "brand_new"].map((code) => errorWords(code).title);
    expect(new Set(titles).size).toBe(titles.length);
    expect(errorWords("not_authorized").action).toBe("connect");
    expect(errorWords("encryption_key").action).toBeNull();
    expect(errorWords("toString").title).toBe("Schwab could not be read.");
  });

  it("shows the server's sentences", () => {
    const [banner] = banners(facts({ last_error: error("schwab_throttled"), last_success_at: at(-60_000) }));
    expect(banner).toMatchObject({ level: "amber", title: "Schwab asks Thor to slow down.", text: "What. Do." });
  });

  it("forgets an error that was followed by a success", () => {
    expect(banners(facts({ last_error: error("schwab_outage"), last_success_at: at(-500) }))).toEqual([]);
  });
});

describe("Thor's own server", () => {
  it("is told apart from Schwab, with the time of the last answer", () => {
    const [banner] = banners(facts({}, { serverReachable: false }));
    expect(banner).toMatchObject({ id: "server", level: "red" });
    expect(banner?.text).toContain("10:00:00 ET");
  });
});

it("names the accounts that Schwab no longer lists", () => {
  const [banner] = banners(facts({}, { unlinked: ["IRA …118"] }));
  expect(banner?.title).toContain("IRA …118");
});

describe("the live socket", () => {
  const unpushed = (ms: number, missing: "socket" | "bus" = "socket", more: Partial<BannerFacts> = {}): string[] =>
    banners(facts({}, { unpushed: { ms, missing }, ...more })).map((one) => `${one.level}: ${one.title}`);

  it("is worth a quiet word once it has been gone for a while, told apart from the bus", () => {
    expect(unpushed(7000)).toEqual([]);
    expect(unpushed(8000)).toEqual(["quiet: The live socket is down."]);
    expect(unpushed(60_000, "bus")).toEqual(["quiet: The server's live bus (Redis) is down."]);
    expect(banners(facts({}, { unpushed: null }))).toEqual([]);
  });

  it("is no news when the whole server is gone", () => {
    expect(unpushed(60_000, "socket", { serverReachable: false })).toEqual(["red: Thor's server does not answer."]);
  });
});
