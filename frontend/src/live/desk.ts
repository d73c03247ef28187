/** The live side of one desk: what is heard, what follows from it, and how the socket stands. */
import type { Position, Positions, Summary } from "../domain/book";
import { Frames } from "./frames";
import { keepSameRows } from "./combine";
import { Ledger, nothing, type Brought, type Mark } from "./ledger";
import { accountChannel, KINDS, quoteChannel, type BookMessage, type LiveMessage } from "./messages";
import { LiveSocket, type Link } from "./socket";
import { isLive, StatusBoard, type LiveStatus } from "./status";
import { Subscriptions } from "./subscriptions";

export type DeskEvents = {
  /** At most once a frame. */
  onBrought: (brought: Brought) => void;
  /** What the socket told counts no longer: nothing is pushed any more. */
  onDetached: () => void;
  /** These accounts are heard no more: others were chosen. */
  onForgotten: (accounts: readonly number[]) => void;
  /** Accounts may have come or gone. */
  onUnsettled: () => void;
  onSignedOut: () => void;
};

/** A short break is bridged: figures stay as they were told last. */
const GRACE_MS = 4_000;
const CATCH_UP_MS = 2_000;
/** After a fresh look what follows at once belongs to it; the page may draw both as one. */
const SETTLING_MS = 200;
const REFUSED_MS = 30_000;

export class LiveDesk {
  readonly board = new StatusBoard();
  private readonly ledger = new Ledger();
  private readonly socket: LiveSocket;
  private readonly subscriptions = new Subscriptions((action, channels) => this.socket.send(action, channels));
  private readonly frames = new Frames<LiveMessage>((messages) => this.apply(messages));
  private readonly checks = new Set<ReturnType<typeof setTimeout>>();
  private readonly events: DeskEvents;
  private channels: readonly string[] = [];
  private symbols: readonly string[] = [];
  private grace: ReturnType<typeof setTimeout> | undefined;
  private settledAt = 0;

  constructor(address: string, events: DeskEvents) {
    this.events = events;
    this.socket = new LiveSocket(address, {
      onLink: (link) => this.linked(link),
      onMessage: (message) => this.hear(message),
      onSignedOut: () => events.onSignedOut(),
    });
  }

  start(): void {
    this.socket.start();
  }

  stop(): void {
    this.socket.stop();
    this.subscriptions.closed();
    this.frames.clear();
    clearTimeout(this.grace);
    for (const check of this.checks) clearTimeout(check);
    this.ledger.clear();
  }

  /** Hears these accounts from now on; `mixed` when they are looked at together. */
  watchAccounts(accounts: readonly number[], mixed: boolean): void {
    const left = this.ledger.choose(accounts, mixed);
    this.channels = accounts.flatMap((id) => KINDS.map((kind) => accountChannel(kind, id)));
    this.want();
    if (left.length > 0) this.events.onForgotten(left);
  }

  watchSymbols(symbols: readonly string[]): void {
    this.symbols = symbols;
    this.want();
  }

  get viewed(): number | null | undefined {
    return this.ledger.viewed;
  }

  positions(account: number | null): Positions | null {
    return this.ledger.positions(account);
  }

  summary(account: number): Summary | null {
    return this.ledger.summary(account);
  }

  total(told: Summary): Summary | null {
    return this.ledger.total(told);
  }

  /** A table that was asked for, as far as nothing newer is known; rows that say the same stay the same. */
  positionsOver(account: number | null, fetched: Positions, before: readonly Position[]): Positions {
    const known = this.ledger.positions(account);
    const chosen = known === null || this.isOvertaken(account, known.version, fetched.version) ? fetched : known;
    return { ...chosen, positions: keepSameRows(before, chosen.positions) };
  }

  summaryOver(fetched: Summary): Summary {
    const account = fetched.account_id;
    if (account === null) return this.ledger.total(fetched) ?? fetched;
    this.ledger.learn(account, fetched);
    const known = this.ledger.summary(account);
    return known === null || this.isOvertaken(account, known.version, fetched.version) ? fetched : known;
  }

  /** The streamer has stopped: Schwab's own last figures are shown again. */
  forgetMarks(): void {
    const brought = nothing();
    this.ledger.forgetMarks(brought);
    if (brought.settling) this.events.onBrought(brought);
  }

  /** A newer version at the server is on its way, or lost and then asked for; without a socket it counts at once. */
  private isOvertaken(account: number | null, known: number, fetched: number): boolean {
    if (fetched <= known) return false;
    if (!isLive(this.board.status())) {
      this.ledger.clear();
      return true;
    }
    if (account !== null) this.checkLater(account, { version: fetched });
    return false;
  }

  private checkLater(account: number, mark: Mark): void {
    if (this.ledger.behind(account, mark).length === 0) return;
    const check = setTimeout(() => {
      this.checks.delete(check);
      for (const kind of this.ledger.behind(account, mark)) this.subscriptions.again(accountChannel(kind, account));
    }, CATCH_UP_MS);
    this.checks.add(check);
  }

  private want(): void {
    this.subscriptions.want([...this.channels, ...this.symbols.map(quoteChannel)]);
    this.tell({});
  }

  private linked(link: Link): void {
    if (link.state === "down") {
      this.frames.clear();
      this.subscriptions.closed();
    }
    this.tell({ link });
  }

  private hear(message: LiveMessage): void {
    if (message.type === "welcome") {
      this.tell({ bus: message.bus, heardAt: Date.now() });
      this.subscriptions.opened();
    } else this.frames.add(message);
  }

  private apply(messages: readonly LiveMessage[]): void {
    const brought = nothing();
    const change: Partial<LiveStatus> = {};
    for (const message of messages) this.take(message, brought, change);
    if (brought.settling) this.settledAt = Date.now() + SETTLING_MS;
    else brought.settling = Date.now() < this.settledAt;
    this.tell(change);
    this.events.onBrought(brought);
  }

  private take(message: LiveMessage, brought: Brought, change: Partial<LiveStatus>): void {
    switch (message.type) {
      case "balances":
      case "positions":
      case "orders":
      case "marks":
        this.takeBook(message, brought, change);
        return;
      case "quote":
        if (this.subscriptions.wants(quoteChannel(message.symbol))) brought.quotes.set(message.symbol, message);
        return;
      case "heartbeat":
        change.heardAt = Date.now();
        for (const [id, pulse] of Object.entries(message.accounts ?? {})) {
          this.ledger.feel(Number(id), pulse, brought);
          this.checkLater(Number(id), pulse);
        }
        return;
      case "bus":
        change.bus = message.state;
        // What was missed meanwhile comes as fresh snapshots once the bus is back.
        if (message.state === "down") this.subscriptions.unready();
        return;
      case "gap":
        this.subscriptions.again(message.channel);
        return;
      case "ended":
        for (const channel of message.channels) this.lose(channel, 0);
        this.events.onUnsettled();
        return;
      case "error":
        if (message.channel !== null) this.lose(message.channel, message.code === "unavailable" ? 0 : REFUSED_MS);
        return;
      case "subscribed":
      case "unsubscribed":
      case "welcome":
        return;
    }
  }

  private takeBook(message: BookMessage, brought: Brought, change: Partial<LiveStatus>): void {
    const id = message.account_id;
    const kind = message.type === "marks" ? "positions" : message.type;
    const channel = accountChannel(kind, id);
    if (!this.subscriptions.wants(channel)) return;
    const gap = this.ledger.take(message, brought);
    if (gap !== null) this.subscriptions.again(accountChannel(gap, id));
    if (message.type === "marks") change.tickAt = message.as_of;
    else if (message.snapshot === true) this.subscriptions.ready(channel);
  }

  private lose(channel: string, restMs: number): void {
    const account = Number(/^live_data:(?:balances|positions|orders):(\d+)$/.exec(channel)?.[1] ?? NaN);
    if (!Number.isNaN(account)) this.ledger.drop(account);
    this.subscriptions.lost(channel, restMs);
  }

  private tell(change: Partial<LiveStatus>): void {
    const complete = this.channels.length > 0 && this.subscriptions.isReady(this.channels);
    if (this.board.change({ ...change, complete })) this.bridge();
  }

  /** Without a push for longer than the grace, nothing that was pushed counts any more. */
  private bridge(): void {
    const { link, bus } = this.board.status();
    if (link.state === "open" && bus === "up") {
      clearTimeout(this.grace);
      this.grace = undefined;
    } else this.grace ??= setTimeout(() => this.detach(), GRACE_MS);
  }

  private detach(): void {
    if (this.ledger.clear()) this.events.onDetached();
  }
}
