import { describe, expect, it, vi } from "vitest";
import { isLive, socketWords, StatusBoard, type LiveStatus } from "./status";

const OPEN: LiveStatus = { link: { state: "open" }, bus: "up", complete: true, downSince: null, heardAt: 1, tickAt: null };

describe("the socket's words", () => {
  it.each([
    [{}, "good", "open"],
    [{ complete: false }, "good", "opening"],
    [{ bus: "down" }, "amber", "no bus"],
    [{ link: { state: "connecting" } }, "none", "connecting"],
    [{ link: { state: "down", reason: "lost" } }, "red", "down"],
  ] as const)("for %j", (change, tone, text) => {
    expect(socketWords({ ...OPEN, ...change })).toMatchObject({ tone, text });
  });

  it("tell why it is down", () => {
    const tips = (["lost", "silent", "too_many"] as const).map((reason) => socketWords({ ...OPEN, link: { state: "down", reason } }).tip);
    expect(new Set(tips).size).toBe(3);
  });

  it("call live only the whole chain", () => {
    expect(isLive(OPEN)).toBe(true);
    expect([{ complete: false }, { bus: "down" as const }, { link: { state: "connecting" as const } }].map((one) => isLive({ ...OPEN, ...one }))).toEqual([false, false, false]);
  });
});

describe("the board", () => {
  it("remembers since when nothing is pushed, over all tries", () => {
    vi.useFakeTimers({ now: 1000 });
    const board = new StatusBoard();
    board.change({ link: { state: "down", reason: "lost" } });
    vi.setSystemTime(9000);
    board.change({ link: { state: "connecting" } });
    expect(board.status().downSince).toBe(1000);
    board.change({ link: { state: "open" } });
    expect(board.status().downSince).toBeNull();
    vi.useRealTimers();
  });

  it("tells of ticks once a second, and of nothing that is no change", () => {
    const board = new StatusBoard();
    const heard = vi.fn();
    board.change(OPEN);
    board.subscribe(heard);
    expect(board.change(OPEN)).toBe(false);
    board.change({ tickAt: "2026-11-23T15:00:00.000Z" });
    board.change({ tickAt: "2026-11-23T15:00:00.750Z" });
    board.change({ tickAt: "2026-11-23T15:00:01.000Z" });
    expect(heard).toHaveBeenCalledTimes(2);
  });
});
