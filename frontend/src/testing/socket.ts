/** A WebSocket that tests hold the other end of. */
import type { AccountPulse, LiveMessage } from "../live/messages";

type Sent = { action: string; channels: string[] };

export class FakeSocket {
  static readonly CONNECTING = 0;
  static readonly OPEN = 1;
  static readonly CLOSED = 3;
  static all: FakeSocket[] = [];
  readyState = FakeSocket.CONNECTING;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  readonly sent: Sent[] = [];
  readonly address: string;

  constructor(address: string) {
    this.address = address;
    FakeSocket.all.push(this);
  }

  /** The newest one. */
  static last(): FakeSocket {
    const socket = FakeSocket.all.at(-1);
    if (socket === undefined) throw new Error("No socket was opened.");
    return socket;
  }

  send(text: string): void {
    this.sent.push(JSON.parse(text) as Sent);
  }

  close(): void {
    this.readyState = FakeSocket.CLOSED;
  }

  /** The server accepts, and says so. */
  accept(bus: "up" | "down" = "up"): void {
    this.readyState = FakeSocket.OPEN;
    this.tell({ type: "welcome", heartbeat_seconds: 15, bus });
  }

  tell(message: LiveMessage | string): void {
    this.onmessage?.({ data: typeof message === "string" ? message : JSON.stringify(message) });
  }

  beat(accounts: Record<string, AccountPulse> | null = {}): void {
    this.tell({ type: "heartbeat", at: new Date().toISOString(), accounts });
  }

  end(code = 1006): void {
    this.readyState = FakeSocket.CLOSED;
    this.onclose?.({ code });
  }

  asked(action: "subscribe" | "unsubscribe"): string[] {
    return this.sent.filter((one) => one.action === action).flatMap((one) => one.channels);
  }
}
