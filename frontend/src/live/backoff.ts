/** How long to wait before the next try: doubling, and never all browsers at the same moment. */

const FIRST_MS = 500;
const LONGEST_MS = 15_000;

/** `attempt` counts from 0; between half of the pause and all of it. */
export function pauseBefore(attempt: number, random: () => number = Math.random): number {
  const pause = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt, 10));
  return Math.round(pause * (0.5 + random() / 2));
}
