/** Notices when the link to Schwab deserves a look sooner than at its usual pace: in trouble, or when ticks cease. */

export type LinkFacts = { troubled: boolean; streaming: boolean };
export type LookoutFacts = {
  /** What is known of the link; null while nobody answers or nobody looks, which have paces of their own. */
  link: () => LinkFacts | null;
  /** When the server last moved a figure by a mark. */
  tickAt: () => string | null;
};

const LOOK_MS = 3_000;
/** A stream that died is told as alive for a few seconds more; after so many looks its silence is the market's own. */
const QUIET_LOOKS = 8;

export class Lookout {
  private timer: ReturnType<typeof setInterval> | undefined;
  private tickAt: string | null = null;
  private quiet = 0;
  private readonly facts: LookoutFacts;
  private readonly ask: () => void;

  constructor(facts: LookoutFacts, ask: () => void) {
    this.facts = facts;
    this.ask = ask;
  }

  start(): void {
    this.timer ??= setInterval(() => this.look(), LOOK_MS);
  }

  stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }

  private look(): void {
    const tickAt = this.facts.tickAt();
    this.quiet = tickAt === this.tickAt ? this.quiet + 1 : 0;
    this.tickAt = tickAt;
    const link = this.facts.link();
    if (link === null) return;
    const ceased = tickAt !== null && this.quiet > 0 && this.quiet <= QUIET_LOOKS;
    if (link.troubled || !link.streaming || ceased) this.ask();
  }
}
