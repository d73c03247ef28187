/** Which channels are wanted, asked for and answered; asks anew in time, and never in a tight loop. */

export type Ask = (action: "subscribe" | "unsubscribe", channels: readonly string[]) => void;
type Place = { ready: boolean; askedAt: number; timer: ReturnType<typeof setTimeout> | undefined };

/** Between two questions for the same channel; the spread keeps all browsers from asking at once. */
const REST_MS = 2_000;
const SPREAD_MS = 500;

export class Subscriptions {
  private readonly places = new Map<string, Place>();
  private open = false;
  private readonly ask: Ask;

  constructor(ask: Ask) {
    this.ask = ask;
  }

  /** Takes the channels wanted from now on; gives those that were wanted before and are no more. */
  want(channels: readonly string[]): string[] {
    const wanted = new Set(channels);
    const left = [...this.places.keys()].filter((name) => !wanted.has(name));
    for (const name of left) this.forget(name);
    if (this.open) this.ask("unsubscribe", left);
    const added = channels.filter((name) => !this.places.has(name));
    for (const name of added) this.places.set(name, { ready: false, askedAt: 0, timer: undefined });
    if (this.open) this.askNow(added);
    return left;
  }

  opened(): void {
    this.open = true;
    this.askNow([...this.places.keys()]);
  }

  closed(): void {
    this.open = false;
    this.unready();
    for (const place of this.places.values()) {
      clearTimeout(place.timer);
      place.timer = undefined;
    }
  }

  /** Whatever was answered must be answered anew. */
  unready(): void {
    for (const place of this.places.values()) place.ready = false;
  }

  ready(channel: string): void {
    const place = this.places.get(channel);
    if (place !== undefined) place.ready = true;
  }

  /** Whether what comes on a channel is still asked for. */
  wants(channel: string): boolean {
    return this.places.has(channel);
  }

  isReady(channels: readonly string[]): boolean {
    return channels.every((name) => this.places.get(name)?.ready === true);
  }

  /** Asks for a channel once more, at once if the last time is long enough ago. */
  again(channel: string, restMs = REST_MS): void {
    const place = this.places.get(channel);
    if (place === undefined || !this.open || place.timer !== undefined) return;
    const wait = Math.max(0, place.askedAt + restMs - Date.now());
    place.timer = setTimeout(() => this.askNow([channel]), wait + Math.random() * SPREAD_MS);
  }

  /** The channel gives nothing for now. */
  lost(channel: string, restMs: number): void {
    const place = this.places.get(channel);
    if (place === undefined) return;
    place.ready = false;
    this.again(channel, restMs);
  }

  private askNow(channels: readonly string[]): void {
    for (const name of channels) {
      const place = this.places.get(name);
      if (place !== undefined) Object.assign(place, { askedAt: Date.now(), timer: undefined });
    }
    this.ask("subscribe", channels);
  }

  private forget(channel: string): void {
    clearTimeout(this.places.get(channel)?.timer);
    this.places.delete(channel);
  }
}
