import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { summary } from "../testing/book";
import { CHANNELS, connect, frame, heard, live, openDesk, settle } from "../testing/desk";
import { marksMessage, pulse } from "../testing/live";
import { FakeSocket } from "../testing/socket";
import { pauseBefore } from "./backoff";
import type { LiveDesk } from "./desk";
import { liveAddress } from "./socket";

let desk: LiveDesk;
beforeEach(() => {
  desk = openDesk();
});
afterEach(() => desk.stop());

describe("the socket", () => {
  it("goes where the page is from", () => {
    expect(liveAddress({ protocol: "https:", host: "thor.test" })).toBe("wss://thor.test/ws/live/");
    expect(liveAddress({ protocol: "http:", host: "127.0.0.1:8000" })).toBe("ws://127.0.0.1:8000/ws/live/");
  });

  it("asks for the channels of the account, and is live when each has answered", () => {
    FakeSocket.last().accept();
    expect(FakeSocket.last().asked("subscribe")).toEqual(CHANNELS);
    expect(live(desk)).toBe(false);
    settle();
    expect(live(desk)).toBe(true);
    expect(desk.positions(1)?.positions).toHaveLength(2);
    expect(desk.summary(1)).toMatchObject(summary());
  });

  it("is opened again after a break, later and later, and never all browsers at once", () => {
    const opened: number[] = [];
    for (let i = 0; i < 9; i += 1) {
      const before = FakeSocket.all.length;
      const from = Date.now();
      FakeSocket.last().end();
      while (FakeSocket.all.length === before) vi.advanceTimersByTime(50);
      opened.push(Date.now() - from);
    }
    expect(opened).toEqual([250, 500, 1000, 2000, 4000, 7500, 7500, 7500, 7500]);
    expect([pauseBefore(0, () => 1), pauseBefore(99, () => 1)]).toEqual([500, 15_000]);
  });

  it("starts with short pauses again once it has delivered", () => {
    for (let i = 0; i < 5; i += 1) {
      FakeSocket.last().end();
      vi.advanceTimersByTime(8000);
    }
    const socket = connect();
    socket.tell({ type: "subscribed", channels: CHANNELS });
    socket.end();
    vi.advanceTimersByTime(250);
    expect(FakeSocket.last()).not.toBe(socket);
  });

  it("is not asked faster by a server that accepts and closes at once", () => {
    for (let i = 0; i < 4; i += 1) {
      FakeSocket.last().accept();
      FakeSocket.last().end(1013);
      vi.advanceTimersByTime(8000);
    }
    const count = FakeSocket.all.length;
    FakeSocket.last().end(1013);
    vi.advanceTimersByTime(3000);
    expect(FakeSocket.all).toHaveLength(count);
  });

  it("is given up after two missed heartbeats, though messages still come", () => {
    const socket = connect();
    vi.advanceTimersByTime(15_000);
    socket.beat({ 1: pulse() });
    vi.advanceTimersByTime(31_000);
    socket.tell(marksMessage(4, 1));
    expect(desk.board.status().link.state).toBe("open");
    vi.advanceTimersByTime(1_000);
    expect(desk.board.status().link).toEqual({ state: "down", reason: "silent" });
    expect(socket.readyState).toBe(FakeSocket.CLOSED);
  });

  it("gives up an opening that never ends", () => {
    vi.advanceTimersByTime(10_000);
    expect(desk.board.status().link.state).toBe("down");
  });

  it.each(["visibilitychange", "online"])("does not wait when the page hears %s", (name) => {
    connect();
    for (let i = 0; i < 6; i += 1) {
      FakeSocket.last().end();
      vi.advanceTimersByTime(7500);
    }
    FakeSocket.last().end();
    const count = FakeSocket.all.length;
    (name === "online" ? window : document).dispatchEvent(new Event(name));
    expect(FakeSocket.all).toHaveLength(count + 1);
  });

  it("trusts no socket that missed a beat while the machine slept", () => {
    const socket = connect();
    vi.setSystemTime(Date.now() + 3_600_000);
    document.dispatchEvent(new Event("visibilitychange"));
    expect(socket.readyState).toBe(FakeSocket.CLOSED);
    expect(FakeSocket.last()).not.toBe(socket);
  });

  it("leads to the door when the login has ended, and does not come back", () => {
    const socket = connect();
    socket.end(4401);
    vi.advanceTimersByTime(60_000);
    expect(heard.onSignedOut).toHaveBeenCalledTimes(1);
    expect(FakeSocket.last()).toBe(socket);
  });

  it("leaves a crowded server alone for a minute", () => {
    const socket = FakeSocket.last();
    socket.end(4429);
    vi.advanceTimersByTime(29_000);
    expect(FakeSocket.last()).toBe(socket);
    vi.advanceTimersByTime(31_000);
    expect(FakeSocket.last()).not.toBe(socket);
  });

  it("ends with the desk", () => {
    const socket = connect();
    desk.stop();
    vi.advanceTimersByTime(60_000);
    document.dispatchEvent(new Event("visibilitychange"));
    expect(socket.readyState).toBe(FakeSocket.CLOSED);
    expect(FakeSocket.last()).toBe(socket);
  });

  it("passes over what it cannot read", () => {
    const socket = connect();
    for (const text of ["", "{", "null", "7", '{"type":"from the future"}']) socket.tell(text);
    frame();
    expect(live(desk)).toBe(true);
  });
});
