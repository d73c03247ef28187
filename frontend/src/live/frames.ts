/** Collects what arrives and hands it on once per animation frame; in a hidden tab, where none come, by a timer. */

const HIDDEN_MS = 250;

export class Frames<T> {
  private waiting: T[] = [];
  private frame = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly flush: (items: readonly T[]) => void;

  constructor(flush: (items: readonly T[]) => void) {
    this.flush = flush;
  }

  add(item: T): void {
    this.waiting.push(item);
    if (this.timer !== undefined) return;
    this.frame = requestAnimationFrame(this.run);
    this.timer = setTimeout(this.run, HIDDEN_MS);
  }

  clear(): void {
    cancelAnimationFrame(this.frame);
    clearTimeout(this.timer);
    this.timer = undefined;
    this.waiting = [];
  }

  private readonly run = (): void => {
    const items = this.waiting;
    this.clear();
    this.flush(items);
  };
}
