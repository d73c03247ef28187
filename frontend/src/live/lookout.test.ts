import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { at } from "../testing/book";
import { Lookout, type LinkFacts } from "./lookout";

const WELL: LinkFacts = { troubled: false, streaming: true };
let link: LinkFacts | null;
let tickAt: string | null;
const ask = vi.fn();
const lookout = new Lookout({ link: () => link, tickAt: () => tickAt }, ask);

/** How often was asked in so many seconds, in each of which a tick came or none did. */
function askedIn(seconds: number, ticking: boolean): number {
  ask.mockClear();
  for (let second = 0; second < seconds; second += 1) {
    if (ticking) tickAt = at(Date.now());
    vi.advanceTimersByTime(1000);
  }
  return ask.mock.calls.length;
}

beforeEach(() => {
  vi.useFakeTimers();
  link = WELL;
  tickAt = null;
  lookout.start();
});
afterEach(() => {
  lookout.stop();
  vi.useRealTimers();
});

describe("a closer look at the link", () => {
  it("is not taken while ticks come, nor where none ever came", () => {
    expect(askedIn(60, false)).toBe(0);
    expect(askedIn(60, true)).toBe(0);
  });

  it("is taken every few seconds while there is trouble or no stream, until there is none", () => {
    link = { troubled: true, streaming: true };
    expect(askedIn(30, true)).toBe(10);
    link = { troubled: false, streaming: false };
    expect(askedIn(30, false)).toBe(10);
    link = WELL;
    expect(askedIn(30, true)).toBe(0);
  });

  it("is taken for a while when ticks cease, and again when they cease again", () => {
    askedIn(6, true);
    expect(askedIn(600, false)).toBe(8);
    askedIn(6, true);
    expect(askedIn(600, false)).toBe(8);
  });

  it("is left to others while nobody answers", () => {
    link = null;
    expect(askedIn(60, false)).toBe(0);
  });

  it("ends", () => {
    link = { troubled: true, streaming: false };
    lookout.stop();
    expect(askedIn(60, false)).toBe(0);
  });
});
