/** Clocks: the market's time is US Eastern, others may be shown in one's own; lengths of time in words short enough for a chip. */

export type Instant = string;

const EASTERN = "America/New_York";

type Clocks = { clock: Intl.DateTimeFormat; stamp: Intl.DateTimeFormat; day: Intl.DateTimeFormat; date: Intl.DateTimeFormat; hour: Intl.DateTimeFormat; label: string };

function clocksIn(timeZone: string | undefined, label: string): Clocks {
  const format = (options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
    new Intl.DateTimeFormat("en-US", { ...(timeZone === undefined ? {} : { timeZone }), hourCycle: "h23", ...options });
  return {
    clock: format({ hour: "2-digit", minute: "2-digit", second: "2-digit" }),
    stamp: format({ month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", second: "2-digit" }),
    hour: format({ weekday: "short", hour: "2-digit", minute: "2-digit" }),
    day: format({ weekday: "short", month: "short", day: "numeric" }),
    date: new Intl.DateTimeFormat("en-CA", timeZone === undefined ? {} : { timeZone }),
    label,
  };
}

const EASTERN_CLOCKS = clocksIn(EASTERN, "ET");
const LOCAL_CLOCKS = clocksIn(undefined, "local");
const CALENDAR = new Intl.DateTimeFormat("en-US", { timeZone: "UTC", weekday: "short", month: "short", day: "numeric" });
const FULL_CALENDAR = new Intl.DateTimeFormat("en-US", { timeZone: "UTC", month: "short", day: "numeric", year: "numeric" });

export type Zone = "eastern" | "local";
let shown = EASTERN_CLOCKS;

/** The zone of all times that are shown from now on, but those of the market itself. */
export function showTimesIn(zone: Zone): void {
  shown = zone === "local" ? LOCAL_CLOCKS : EASTERN_CLOCKS;
}

/** "ET" or "local": stands beside every time, or over a column of them. */
export function zoneLabel(): string {
  return shown.label;
}

/** "10:02:11" in the shown zone. */
export function clockTime(at: number | Instant): string {
  return shown.clock.format(new Date(at));
}

/** "Nov 23, 10:02:11 ET" */
export function stamp(at: Instant): string {
  return `${shown.stamp.format(new Date(at))} ${shown.label}`;
}

/** "Sun 17:08 ET": within a week. */
export function weekTime(at: Instant): string {
  return `${shown.hour.format(new Date(at)).replace(",", "")} ${shown.label}`;
}

/** "Mon, Nov 23" */
export function dayName(at: Instant): string {
  return shown.day.format(new Date(at));
}

/** Whether both lie in the same day of the shown zone. */
export function isSameDay(a: number | Instant, b: number | Instant): boolean {
  return shown.date.format(new Date(a)) === shown.date.format(new Date(b));
}

/** The market's own clock, whatever zone is shown. */
export function easternClock(at: number | Instant): string {
  return EASTERN_CLOCKS.clock.format(new Date(at));
}

export function easternHour(at: Instant): string {
  return EASTERN_CLOCKS.hour.format(new Date(at)).replace(",", "");
}

/** "2026-11-22" of the Eastern day in which the instant lies. */
export function easternDate(at: number | Instant): string {
  return EASTERN_CLOCKS.date.format(new Date(at));
}

/** "Nov 23, 2026" of a calendar day. */
export function fullDay(day: string): string {
  return FULL_CALENDAR.format(new Date(`${day}T00:00:00Z`));
}

/** A calendar day such as a trading day, which has no time zone to move it. */
export function calendarDay(day: string): string {
  return CALENDAR.format(new Date(`${day}T00:00:00Z`));
}

export function msUntil(at: Instant, now: number): number {
  return Date.parse(at) - now;
}

export function msSince(at: Instant, now: number): number {
  return Math.max(0, now - Date.parse(at));
}

export function laterOf(a: Instant | null, b: Instant | null): Instant | null {
  if (a === null || b === null) return a ?? b;
  return Date.parse(a) >= Date.parse(b) ? a : b;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR_MS = 60 * MINUTE;
const DAY_MS = 24 * HOUR_MS;
export const LENGTH = { second: SECOND, minute: MINUTE, hour: HOUR_MS, day: DAY_MS } as const;

/** "4s", "3m", "2h 10m", "5d 3h": the two largest units that matter. */
export function shortLength(ms: number): string {
  const left = Math.max(0, ms);
  if (left < MINUTE) return `${Math.floor(left / SECOND)}s`;
  if (left < HOUR_MS) return `${Math.floor(left / MINUTE)}m`;
  if (left < DAY_MS) return pair(left, HOUR_MS, "h", MINUTE, "m");
  return pair(left, DAY_MS, "d", HOUR_MS, "h");
}

/** Like `shortLength`, with seconds below the hour: for something one waits for. */
export function countdown(ms: number): string {
  const left = Math.max(0, ms);
  return left < HOUR_MS && left >= MINUTE ? pair(left, MINUTE, "m", SECOND, "s") : shortLength(left);
}

/** "6 days 3 hours", for sentences. */
export function longLength(ms: number): string {
  const left = Math.max(0, ms);
  if (left < HOUR_MS) return words(Math.floor(left / MINUTE), "minute");
  const [big, size, small, unit] =
    left < DAY_MS ? (["hour", HOUR_MS, "minute", MINUTE] as const) : (["day", DAY_MS, "hour", HOUR_MS] as const);
  const rest = Math.floor((left % size) / unit);
  return words(Math.floor(left / size), big) + (rest > 0 ? ` ${words(rest, small)}` : "");
}

/** "2 days", "11 hours", "less than an hour": for what is read aloud whenever it changes. */
export function roughLength(ms: number): string {
  if (ms < HOUR_MS) return "less than an hour";
  return ms < 2 * DAY_MS ? words(Math.floor(ms / HOUR_MS), "hour") : words(Math.floor(ms / DAY_MS), "day");
}

function pair(ms: number, big: number, bigName: string, small: number, smallName: string): string {
  const rest = Math.floor((ms % big) / small);
  const head = `${Math.floor(ms / big)}${bigName}`;
  return rest === 0 ? head : `${head} ${rest}${smallName}`;
}

function words(n: number, one: string): string {
  return `${n} ${n === 1 ? one : `${one}s`}`;
}
