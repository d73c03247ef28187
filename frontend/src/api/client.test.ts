import { beforeEach, describe, expect, it, vi } from "vitest";

beforeEach(() => {
  vi.resetModules();
  vi.stubGlobal("location", { origin: "http://thor.test" });
});

const answer = (status: number, body: string, headers = {}): Response => new Response(status === 204 ? null : body, { status, headers });

async function failing(status: number, body: string): Promise<unknown> {
  vi.stubGlobal("fetch", () => Promise.resolve(answer(status, body)));
  const { getAccounts } = await import("./endpoints");
  return getAccounts(new AbortController().signal).catch((error: unknown) => error);
}

describe("failures", () => {
  it.each([
    [401, '{"detail":"Sign in.","code":"not_authenticated"}', "unauthenticated"],
    [404, '{"detail":"No.","code":"not_found"}', "not_found"],
    [429, '{"detail":"Slow.","code":"locked_out"}', "throttled"],
    [500, "<h1>Server Error</h1>", "broken"],
    [502, "<html>Bad Gateway</html>", "unreachable"],
    [503, '{"detail":"Schwab has an outage.","code":"schwab_outage"}', "broken"],
    [403, "null", "refused"],
  ])("of status %i are told apart", async (status, body, kind) => {
    expect(await failing(status, body)).toMatchObject({ name: "ApiFailure", kind, status });
  });

  it("carry the server's sentence, or one of their own", async () => {
    expect(await failing(404, '{"detail":"No.","code":"not_found"}')).toMatchObject({ message: "No.", code: "not_found" });
    expect(await failing(500, "oops")).toMatchObject({ message: "Thor's server failed (500)." });
  });

  it("count a page of HTML with status 200 as no answer", async () => {
    expect(await failing(200, "<html>Sign in to the hotel network</html>")).toMatchObject({ kind: "unreachable" });
  });

  it("report a lost login, once per answer", async () => {
    const { whenLoginIsLost } = await import("./client");
    const lost = vi.fn();
    whenLoginIsLost(lost);
    await failing(401, "{}");
    expect(lost).toHaveBeenCalledTimes(1);
  });
});

describe("unsafe requests", () => {
  it("carry the CSRF token of the session answer, safe ones do not", async () => {
    const seen: [string, string | null][] = [];
    vi.stubGlobal("fetch", (request: Request) => {
      seen.push([request.method, request.headers.get("X-CSRFToken")]);
      return Promise.resolve(answer(200, '{"authenticated":true,"username":"demo","csrf_token":"abc"}'));
    });
    const { getSession, askRefresh } = await import("./endpoints");
    await getSession();
    await askRefresh("manual");
    expect(seen).toEqual([
      ["GET", null],
      ["POST", "abc"],
    ]);
  });
});
