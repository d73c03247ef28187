import { describe, expect, it } from "vitest";
import { calendarDay, countdown, easternClock, easternDate, longLength, roughLength, shortLength } from "./time";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe("Eastern time", () => {
  it("follows New York through both halves of the year", () => {
    expect(easternClock("2026-11-23T15:00:00Z")).toBe("10:00:00");
    expect(easternClock("2026-07-01T14:00:00Z")).toBe("10:00:00");
    expect(easternClock("2026-11-23T05:00:00Z")).toBe("00:00:00");
  });

  it("has its own day, not the one of UTC", () => {
    expect(easternDate("2026-11-24T03:30:00Z")).toBe("2026-11-23");
    expect(calendarDay("2026-11-23")).toBe("Mon, Nov 23");
  });
});

describe("lengths", () => {
  it("shows the two units that matter", () => {
    expect(shortLength(4 * SECOND)).toBe("4s");
    expect(shortLength(59.9 * SECOND)).toBe("59s");
    expect(shortLength(3 * MINUTE + 20 * SECOND)).toBe("3m");
    expect(shortLength(2 * HOUR + 10 * MINUTE)).toBe("2h 10m");
    expect(shortLength(5 * DAY + 3 * HOUR)).toBe("5d 3h");
    expect(shortLength(2 * DAY)).toBe("2d");
    expect(shortLength(-5)).toBe("0s");
  });

  it("counts seconds down below the hour", () => {
    expect(countdown(5 * MINUTE + 3 * SECOND)).toBe("5m 3s");
    expect(countdown(HOUR + 5 * MINUTE)).toBe("1h 5m");
  });

  it("writes sentences", () => {
    expect(longLength(6 * DAY + 3 * HOUR)).toBe("6 days 3 hours");
    expect(longLength(DAY)).toBe("1 day");
    expect(longLength(61 * MINUTE)).toBe("1 hour 1 minute");
    expect(longLength(17 * MINUTE)).toBe("17 minutes");
    expect(roughLength(47 * HOUR + 59 * MINUTE)).toBe("47 hours");
    expect(roughLength(59 * MINUTE)).toBe("less than an hour");
    expect(roughLength(2 * DAY + HOUR)).toBe("2 days");
  });
});
