import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { position, price, summary } from "../testing/book";
import { CHANNELS, connect, frame, heard, live, openDesk, settle } from "../testing/desk";
import { balancesSnapshot, marksMessage, positionsChange, pulse } from "../testing/live";
import type { LiveDesk } from "./desk";

let desk: LiveDesk;
beforeEach(() => {
  desk = openDesk();
});
afterEach(() => desk.stop());

describe("messages", () => {
  it("are handed on once a frame", () => {
    const socket = connect();
    heard.onBrought.mockReset();
    for (let seq = 1; seq <= 40; seq += 1) socket.tell(marksMessage(4, seq, [{ id: 1, mark_price: price(String(200 + seq)) }]));
    expect(heard.onBrought).not.toHaveBeenCalled();
    frame();
    expect(heard.onBrought).toHaveBeenCalledTimes(1);
    expect(desk.positions(1)?.positions[0]?.mark_price).toBe("240");
  });

  it("arrive in a hidden tab too, which has no frames", () => {
    vi.stubGlobal("requestAnimationFrame", () => 0);
    const socket = connect();
    heard.onBrought.mockReset();
    socket.tell(marksMessage(4, 1, [{ id: 1, mark_price: price("5") }]));
    vi.advanceTimersByTime(250);
    expect(heard.onBrought).toHaveBeenCalledTimes(1);
  });

  it.each([
    ["a version that does not follow", positionsChange(7, 8, [])],
    ["the server's word", { type: "gap", channel: "live_data:positions:1", version: 9 } as const],
  ])("that leave a gap are asked for anew: %s", (_name, message) => {
    const socket = connect();
    vi.advanceTimersByTime(5000);
    socket.tell(message);
    vi.advanceTimersByTime(600);
    expect(socket.asked("subscribe")).toEqual([...CHANNELS, "live_data:positions:1"]);
  });

  it("do not ask in a tight loop when the gap stays", () => {
    const socket = connect();
    for (let seq = 2; seq <= 80; seq += 2) {
      socket.tell(marksMessage(4, seq));
      vi.advanceTimersByTime(250);
    }
    expect(socket.asked("subscribe").length).toBeLessThan(3 + 6);
  });

  it("that were lost show in the heartbeat, after a moment in which they may still come", () => {
    const socket = connect();
    socket.beat({ 1: pulse({ version: 5 }) });
    vi.advanceTimersByTime(1900);
    expect(socket.asked("subscribe")).toHaveLength(3);
    vi.advanceTimersByTime(800);
    expect(socket.asked("subscribe").slice(3).sort()).toEqual(["live_data:balances:1", "live_data:positions:1"]);
  });

  it("that come in that moment need no question", () => {
    const socket = connect();
    socket.beat({ 1: pulse({ version: 5 }) });
    socket.tell({ ...balancesSnapshot(5) });
    socket.tell(positionsChange(4, 5, []));
    vi.advanceTimersByTime(5000);
    expect(socket.asked("subscribe")).toHaveLength(3);
  });

  it("of accounts that are looked at no more are not shown", () => {
    const socket = connect();
    desk.watchAccounts([2], false);
    expect(socket.asked("unsubscribe")).toEqual(CHANNELS);
    expect(heard.onForgotten).toHaveBeenCalledWith([1]);
    socket.tell(marksMessage(4, 1));
    frame();
    expect(desk.positions(1)).toBeNull();
    expect(live(desk)).toBe(false);
  });
});

describe("without pushes", () => {
  it("figures stay for a short break, then they count no more", () => {
    connect().end();
    expect(live(desk)).toBe(false);
    vi.advanceTimersByTime(3900);
    expect(desk.positions(1)).not.toBeNull();
    vi.advanceTimersByTime(200);
    expect(desk.positions(1)).toBeNull();
    expect(heard.onDetached).toHaveBeenCalledTimes(1);
  });

  it("a break that heals in time is not told", () => {
    connect().end();
    vi.advanceTimersByTime(300);
    connect();
    vi.advanceTimersByTime(10_000);
    expect(heard.onDetached).not.toHaveBeenCalled();
    expect(live(desk)).toBe(true);
  });

  it("a dead bus is as good as none, until its snapshots are back", () => {
    const socket = connect();
    socket.tell({ type: "bus", state: "down" });
    frame();
    expect(live(desk)).toBe(false);
    socket.tell({ type: "bus", state: "up" });
    frame();
    expect(live(desk)).toBe(false);
    settle(socket);
    expect(live(desk)).toBe(true);
  });

  it("an account that was cut loose is asked for again, and asked of the server meanwhile", () => {
    const socket = connect();
    vi.advanceTimersByTime(5000);
    socket.tell({ type: "ended", channels: CHANNELS, code: "disconnected", detail: "x" });
    vi.advanceTimersByTime(600);
    expect(heard.onUnsettled).toHaveBeenCalledTimes(1);
    expect(desk.positions(1)).toBeNull();
    expect(socket.asked("subscribe")).toHaveLength(6);
  });

  it("a refused channel is left alone for a while", () => {
    const socket = connect();
    socket.tell({ type: "error", code: "unknown_channel", detail: "x", channel: "live_data:orders:1" });
    vi.advanceTimersByTime(20_000);
    expect(socket.asked("subscribe")).toHaveLength(3);
    expect(live(desk)).toBe(false);
    socket.beat();
    vi.advanceTimersByTime(12_000);
    expect(socket.asked("subscribe")).toHaveLength(4);
  });
});

describe("answers of the server", () => {
  const fetched = (version: number) => ({ account_id: 1, version, as_of: null, positions: [position({ mark_price: price("9") })], closed_today: [] });

  it("never cover newer figures that were pushed", () => {
    const socket = connect();
    socket.tell(marksMessage(4, 1, [{ id: 1, mark_price: price("777") }]));
    frame();
    expect(desk.positionsOver(1, fetched(4), []).positions[0]?.mark_price).toBe("777");
    expect(desk.positionsOver(1, fetched(3), []).positions).toHaveLength(2);
  });

  it("that are newer make the socket catch up", () => {
    const socket = connect();
    expect(desk.positionsOver(1, fetched(8), []).version).toBe(4);
    vi.advanceTimersByTime(3000);
    expect(socket.asked("subscribe").slice(3).sort()).toEqual(["live_data:balances:1", "live_data:positions:1"]);
  });

  it("count at once while nothing is pushed", () => {
    connect().end();
    expect(desk.positionsOver(1, fetched(8), []).version).toBe(8);
    expect(desk.positions(1)).toBeNull();
  });

  it("tell when Schwab was last heard", () => {
    connect();
    const later = new Date(Date.parse(summary().checked_at ?? "") + 60_000).toISOString();
    expect(desk.summaryOver(summary({ checked_at: later, net_liq: null }))).toMatchObject({ checked_at: later, net_liq: "26177.03" });
  });
});
