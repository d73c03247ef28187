/** The one WebSocket of the tab: kept open, watched by its heartbeats, opened again with growing pauses. */
import { pauseBefore } from "./backoff";
import { CLOSED_SIGNED_OUT, CLOSED_TOO_MANY, readMessage, type LiveMessage } from "./messages";

/** Why there is no connection: it broke, fell silent, or the server refused one more. */
export type DownReason = "lost" | "silent" | "too_many";
export type Link = { state: "connecting" } | { state: "open" } | { state: "down"; reason: DownReason };

export type SocketEvents = {
  onLink: (link: Link) => void;
  onMessage: (message: LiveMessage) => void;
  onSignedOut: () => void;
};

const OPENING_MS = 10_000;
const CROWDED_MS = 60_000;
const MISSED_BEATS = 2;
const SLACK_MS = 2_000;

/** The socket's address beside the page's own. */
export function liveAddress(page: Pick<Location, "protocol" | "host">): string {
  return `${page.protocol === "https:" ? "wss:" : "ws:"}//${page.host}/ws/live/`;
}

export class LiveSocket {
  private socket: WebSocket | null = null;
  private attempt = 0;
  private beatMs = 15_000;
  private heardAt = 0;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private watch: ReturnType<typeof setTimeout> | undefined;
  private readonly address: string;
  private readonly events: SocketEvents;

  constructor(address: string, events: SocketEvents) {
    this.address = address;
    this.events = events;
  }

  start(): void {
    document.addEventListener("visibilitychange", this.onSeen);
    window.addEventListener("online", this.hurry);
    this.connect();
  }

  stop(): void {
    document.removeEventListener("visibilitychange", this.onSeen);
    window.removeEventListener("online", this.hurry);
    this.drop();
    clearTimeout(this.retry);
  }

  send(action: "subscribe" | "unsubscribe", channels: readonly string[]): void {
    if (channels.length > 0 && this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify({ action, channels }));
  }

  private connect(): void {
    clearTimeout(this.retry);
    this.retry = undefined;
    this.events.onLink({ state: "connecting" });
    const socket = new WebSocket(this.address);
    this.socket = socket;
    socket.onmessage = (event: MessageEvent<unknown>) => this.hear(event.data);
    socket.onclose = ({ code }) => this.closed(code);
    this.expect(OPENING_MS);
  }

  private hear(data: unknown): void {
    const message = typeof data === "string" ? readMessage(data) : null;
    if (message === null) return;
    this.heardAt = Date.now();
    if (message.type === "welcome") {
      this.beatMs = message.heartbeat_seconds * 1000;
      this.events.onLink({ state: "open" });
    }
    if (message.type === "heartbeat" || message.type === "welcome") this.expect(MISSED_BEATS * this.beatMs + SLACK_MS);
    // A server that accepts and closes at once must not be asked faster and faster.
    if (message.type === "heartbeat" || message.type === "subscribed") this.attempt = 0;
    this.events.onMessage(message);
  }

  /** After this long without a beat the connection counts as dead, whatever the browser thinks of it. */
  private expect(ms: number): void {
    clearTimeout(this.watch);
    this.watch = setTimeout(() => this.lose("silent"), ms);
  }

  private closed(code: number): void {
    if (code === CLOSED_SIGNED_OUT) {
      this.drop();
      this.events.onSignedOut();
    } else this.lose(code === CLOSED_TOO_MANY ? "too_many" : "lost");
  }

  private lose(reason: DownReason): void {
    this.drop();
    this.events.onLink({ state: "down", reason });
    const pause = reason === "too_many" ? CROWDED_MS : pauseBefore(this.attempt);
    this.attempt += 1;
    this.retry = setTimeout(() => this.connect(), pause);
  }

  private drop(): void {
    clearTimeout(this.watch);
    if (this.socket === null) return;
    this.socket.onmessage = null;
    this.socket.onclose = null;
    this.socket.close();
    this.socket = null;
  }

  private readonly onSeen = (): void => {
    if (document.visibilityState === "visible") this.hurry();
  };

  /** Somebody looks, or the network is back: no more waiting, and no trust in a socket that missed a beat. */
  private readonly hurry = (): void => {
    if (this.retry !== undefined) {
      this.attempt = 0;
      this.connect();
    } else if (this.socket?.readyState === WebSocket.OPEN && Date.now() - this.heardAt > this.beatMs + SLACK_MS) {
      this.lose("silent");
      this.hurry();
    }
  };
}
