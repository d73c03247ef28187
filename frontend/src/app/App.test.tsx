import type { QueryClient } from "@tanstack/react-query";
import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { http, HttpResponse } from "msw";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { activity, connection, money, position, positions, present, summary } from "../testing/book";
import { answers, server, signedIn, signedOut, url } from "../testing/server";
import { App, newQueryClient } from "./App";

beforeAll(() => server.listen({ onUnhandledFrame: "error" }));
afterEach(() => server.resetHandlers());
afterAll(() => server.close());

/** Opens the page; gives the cache of the desk once there is one. */
function open(address = "/"): { cache: () => QueryClient } {
  const clients: QueryClient[] = [];
  window.history.replaceState(null, "", address);
  const newClient = (): QueryClient => {
    const client = newQueryClient();
    clients.push(client);
    return client;
  };
  render(<App newClient={newClient} />);
  return { cache: () => clients.at(-1) ?? newQueryClient() };
}
const figure = async (text: string): Promise<HTMLElement> => present((await screen.findAllByText(text))[0]);

async function signIn(): Promise<void> {
  await userEvent.type(await screen.findByLabelText("Name"), "demo");
  await userEvent.type(screen.getByLabelText("Password"), "secret");
  await userEvent.click(screen.getByRole("button", { name: "Sign in" }));
}

describe("the door", () => {
  it("lets password managers work", async () => {
    server.use(answers.session(signedOut));
    open();
    expect((await screen.findByLabelText("Name")).getAttribute("autocomplete")).toBe("username");
    expect(screen.getByLabelText("Password").getAttribute("autocomplete")).toBe("current-password");
  });

  it.each([
    [400, "invalid_credentials", "That name and password do not belong together."],
    [429, "locked_out", "Too many failed sign-ins. Wait a quarter of an hour, then try again."],
  ])("shows the server's sentence for %i", async (status, code, detail) => {
    server.use(
      answers.session(signedOut),
      http.post(url("/api/auth/login/"), () => HttpResponse.json({ detail, code }, { status })),
    );
    open();
    await signIn();
    expect((await screen.findByRole("alert")).textContent).toBe(detail);
  });

  it("opens with the token of the session, and keeps the place", async () => {
    let token: string | null = null;
    server.use(
      answers.session(signedOut),
      http.post(url("/api/auth/login/"), ({ request }) => {
        token = request.headers.get("X-CSRFToken");
        return HttpResponse.json(signedIn);
      }),
    );
    open("/?account=1&sort=-pl_day");
    await signIn();
    await figure("26,177.03");
    expect(token).toBe("token-0");
    expect(window.location.search).toBe("?account=1&sort=-pl_day");
  });

  it("asks for a new token when the old one was refused, once", async () => {
    let tries = 0;
    server.use(
      answers.session(signedOut),
      http.post(url("/api/auth/login/"), () => {
        tries += 1;
        return tries === 1 ? HttpResponse.json({ detail: "CSRF", code: "csrf" }, { status: 403 }) : HttpResponse.json(signedIn);
      }),
    );
    open();
    await signIn();
    await figure("26,177.03");
    expect(tries).toBe(2);
  });
});

describe("a login that ends", () => {
  it("leads to the door, forgets the figures, and keeps the address", async () => {
    const { cache } = open("/?q=aap");
    await figure("26,177.03");
    server.use(
      http.get(url("/api/actandpos/account_summary/"), () => HttpResponse.json({ detail: "Sign in.", code: "not_authenticated" }, { status: 401 })),
    );
    const desk = cache();
    await desk.invalidateQueries({ queryKey: ["summary"] });
    await screen.findByLabelText("Password");
    expect(screen.queryByText("26,177.03")).toBeNull();
    expect(desk.getQueryCache().getAll()).toEqual([]);
    expect(window.location.search).toBe("?q=aap");
  });

  it("forgets the figures on signing out too", async () => {
    server.use(http.post(url("/api/auth/logout/"), () => new HttpResponse(null, { status: 204 })));
    const { cache } = open();
    await figure("26,177.03");
    const desk = cache();
    expect(desk.getQueryData(["summary", null])).toBeDefined();
    await userEvent.click(screen.getByRole("button", { name: "Sign out" }));
    await screen.findByLabelText("Password");
    expect(desk.getQueryCache().getAll()).toEqual([]);
  });
});

describe("another person in the same browser", () => {
  it("gets a desk of their own", async () => {
    const { cache } = open();
    await figure("26,177.03");
    const first = cache();
    server.use(
      answers.session({ ...signedIn, username: "other" }),
      http.get(url("/api/actandpos/account_summary/"), () => HttpResponse.json(summary({ net_liq: money("5") }))),
    );
    window.dispatchEvent(new Event("visibilitychange"));
    await waitFor(() => expect(cache()).not.toBe(first));
    expect(first.getQueryCache().getAll()).toEqual([]);
    await screen.findAllByText("5.00");
    expect(screen.queryByText("26,177.03", { selector: ".figure-net .num" })).toBeNull();
  });
});

describe("the desk", () => {
  it("keeps every figure when the server falls silent, and says so", async () => {
    const { cache } = open();
    await figure("26,177.03");
    server.use(http.get(url("/api/*"), () => HttpResponse.error()));
    await cache().invalidateQueries();
    expect((await screen.findByText("Thor's server does not answer.")).textContent).toBeTruthy();
    expect(screen.getAllByText("26,177.03").length).toBeGreaterThan(0);
    expect(screen.getAllByText("23,140.00").length).toBeGreaterThan(0);
    expect(screen.getAllByText("Offline").length).toBeGreaterThan(0);
    expect(screen.getByText("Not known now")).toBeTruthy();
  });

  it("asks for unchanged positions by their tag, and keeps the rows on a 304", async () => {
    const tags: (string | null)[] = [];
    server.use(
      http.get(url("/api/positions/"), ({ request }) => {
        tags.push(request.headers.get("If-None-Match"));
        return tags.length === 1
          ? HttpResponse.json(positions([position()]), { headers: { ETag: '"a4"' } })
          : new HttpResponse(null, { status: 304 });
      }),
    );
    const { cache } = open();
    await figure("23,140.00");
    await cache().invalidateQueries({ queryKey: ["positions"] });
    expect(tags).toEqual([null, '"a4"']);
    expect(screen.getAllByText("23,140.00").length).toBeGreaterThan(0);
  });

  it("goes to all accounts when the address names one that is not there", async () => {
    server.use(http.get(url("/api/actandpos/account_summary/"), ({ request }) => {
      const known = new URL(request.url).searchParams.get("account_id") === null;
      return known ? HttpResponse.json(summary()) : HttpResponse.json({ detail: "No.", code: "not_found" }, { status: 404 });
    }));
    open("/?account=99&q=aapl");
    await waitFor(() => expect(window.location.search).toBe("?q=aapl"));
  });

  it("walks through the accounts with the bracket keys, but not while typing", async () => {
    server.use(answers.accounts([summary(), summary({ account_id: 2, display_name: "IRA …118" })]));
    open();
    await screen.findByRole("option", { name: /IRA/ });
    await userEvent.keyboard("]");
    expect(window.location.search).toBe("?account=1");
    await userEvent.keyboard("[[[[");
    expect(window.location.search).toBe("?account=2");
    await userEvent.type(await screen.findByRole("searchbox"), "]");
    expect(window.location.search).toBe("?account=2&q=%5D");
  });
});

describe("Schwab's connection", () => {
  const none = { state: "none", login_ends_at: null, access_expires_at: null, last_success_at: null };

  it("starts with one button when there is none", async () => {
    server.use(answers.connection(none), answers.accounts([]));
    open();
    const link = await screen.findByRole("link", { name: "Connect Schwab" });
    expect(link.getAttribute("href")).toBe("/api/schwab/oauth/start/");
  });

  it("says what to set up when there is no app", async () => {
    server.use(answers.connection({ ...none, app_configured: false }), answers.accounts([]));
    open();
    expect(await screen.findByText("https://127.0.0.1:8000/api/schwab/oauth/callback/")).toBeTruthy();
    expect(screen.queryByRole("link", { name: "Connect Schwab" })).toBeNull();
  });

  it("shows what the callback told, and cleans the address", async () => {
    open("/?schwab=error&reason=code_expired");
    expect(await screen.findByText(/Schwab's code had run out/)).toBeTruthy();
    expect(window.location.search).toBe("");
  });

  it("takes a pasted address, and explains what is wrong with one", async () => {
    server.use(
      answers.connection(none),
      answers.accounts([]),
      http.post(url("/api/schwab/oauth/paste/"), () => HttpResponse.json({ detail: "x", code: "address_unreadable" }, { status: 400 })),
    );
    open();
    await userEvent.click(await screen.findByText("The browser could not reach the callback?"));
    await userEvent.type(screen.getByLabelText(/Paste the address/), "nonsense");
    await userEvent.click(screen.getByRole("button", { name: "Connect" }));
    expect(await screen.findByText(/Copy the whole address bar/)).toBeTruthy();
    server.use(
      http.post(url("/api/schwab/oauth/paste/"), () => HttpResponse.json(connection())),
      answers.connection(),
      answers.accounts(),
    );
    await userEvent.click(screen.getByRole("button", { name: "Connect" }));
    await figure("26,177.03");
  });

  it("leaves the data in sight under the banner when the login has ended", async () => {
    server.use(answers.connection({ state: "reauth_required" }));
    open();
    expect(await screen.findByText("Schwab needs a new sign-in.")).toBeTruthy();
    await figure("26,177.03");
    expect(screen.getAllByText("Stale")).toHaveLength(4);
    expect(screen.queryByText("Live")).toBeNull();
  });
});

describe("orders", () => {
  it("tell not loaded from none", async () => {
    server.use(http.get(url("/api/actandpos/activity/today/"), () => HttpResponse.json(activity({ orders_checked_at: null }))));
    open();
    expect(await screen.findByText(/Not loaded yet/)).toBeTruthy();
    expect(screen.queryByText("No orders today.")).toBeNull();
  });

  it("say when there are none", async () => {
    open();
    expect(await screen.findByText("No orders today.")).toBeTruthy();
  });
});
