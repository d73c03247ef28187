/** Time as a market counts it: nights and weekends take next to no room. */

const HOUR_MS = 3_600_000;
/** Nothing that is kept while a market is open stands so far apart. */
const NIGHT_MS = 4 * HOUR_MS;
/** What such a gap counts. Closes, one a day, are all that far apart, and so stand evenly. */
const NIGHT_COUNTS_MS = HOUR_MS / 4;

/**
 * Gives where a moment lies, in milliseconds from the first of these moments (in order, at least one). Between two of
 * them it lies in proportion; before the first and after the last, at the end.
 */
export function openTime(times: readonly number[]): (at: number) => number {
  const places: number[] = [0];
  for (let index = 1; index < times.length; index += 1) {
    const gap = (times[index] ?? 0) - (times[index - 1] ?? 0);
    places.push((places[index - 1] ?? 0) + (gap > NIGHT_MS ? NIGHT_COUNTS_MS : gap));
  }
  return (at) => {
    const next = firstAfter(times, at);
    const [before, after] = [times[next - 1], times[next]];
    if (before === undefined) return 0;
    const place = places[next - 1] ?? 0;
    if (after === undefined) return place;
    return place + ((at - before) / (after - before)) * ((places[next] ?? place) - place);
  };
}

/** The index of the first moment that comes after another; the length when none does. */
function firstAfter(times: readonly number[], at: number): number {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] ?? 0) <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}
