import { expect, it } from "vitest";
import { PACE, pause } from "./polling";

it("asks every few seconds while looked at", () => {
  expect(pause(PACE.book, false, 0)).toBe(3000);
});

it("asks seldom while hidden", () => {
  expect(pause(PACE.book, true, 0)).toBe(60_000);
  expect(pause(PACE.book, true, 5)).toBe(60_000);
});

it("asks less and less while nobody answers, but never gives up", () => {
  const pauses = [1, 2, 3, 4, 50].map((failures) => pause(PACE.book, false, failures));
  expect(pauses).toEqual([6000, 12_000, 20_000, 20_000, 20_000]);
});
