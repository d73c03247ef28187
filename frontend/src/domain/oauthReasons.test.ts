import { describe, expect, it } from "vitest";
import { OAUTH_REASONS, oauthAdvice, readOAuthResult, withoutOAuthResult } from "./oauthReasons";

describe("reasons", () => {
  it("each say what happened and what to do, in sentences", () => {
    for (const [code, { what, todo }] of Object.entries(OAUTH_REASONS)) {
      expect(what, code).toMatch(/^[A-Z].*\.$/);
      expect(todo, code).toMatch(/^[A-Z].*\.$/);
    }
  });

  it("are all different", () => {
    const whats = Object.values(OAUTH_REASONS).map((advice) => advice.what);
    expect(new Set(whats).size).toBe(whats.length);
  });

  it("have an answer for a code that nobody knows", () => {
    expect(oauthAdvice("brand_new").todo).toBe("Connect again.");
    expect(oauthAdvice("toString").todo).toBe("Connect again.");
  });
});

describe("the callback's result", () => {
  it("is read from the address", () => {
    expect(readOAuthResult("?schwab=connected")).toEqual({ kind: "connected" });
    expect(readOAuthResult("?schwab=error&reason=denied")).toEqual({ kind: "error", advice: OAUTH_REASONS.denied });
    expect(readOAuthResult("?account=7")).toBeNull();
  });

  it("is then removed from it, and the kept place comes back", () => {
    expect(withoutOAuthResult("?schwab=error&reason=denied", "?account=7")).toBe("?account=7");
    expect(withoutOAuthResult("?schwab=connected&account=2", "?account=7")).toBe("?account=2");
    expect(withoutOAuthResult("?account=7", "?account=9")).toBe("?account=7");
  });
});
