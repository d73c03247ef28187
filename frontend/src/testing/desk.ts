/** A desk with a socket whose other end the test holds, on a clock that the test moves. */
import { vi } from "vitest";
import { LiveDesk } from "../live/desk";
import { isLive } from "../live/status";
import { position } from "./book";
import { balancesSnapshot, positionsSnapshot } from "./live";
import { FakeSocket } from "./socket";

export const CHANNELS = ["live_data:balances:1", "live_data:positions:1", "live_data:orders:1"];
const ROWS = [position({ id: 1 }), position({ id: 2, symbol: "MSFT" })];
export const heard = { onBrought: vi.fn(), onDetached: vi.fn(), onForgotten: vi.fn(), onUnsettled: vi.fn(), onSignedOut: vi.fn() };

export function openDesk(): LiveDesk {
  vi.useFakeTimers();
  vi.spyOn(Math, "random").mockReturnValue(0);
  for (const event of Object.values(heard)) event.mockReset();
  const desk = new LiveDesk("ws://thor.test/ws/live/", heard);
  desk.watchAccounts([1], false);
  desk.start();
  return desk;
}

export const frame = (): void => void vi.advanceTimersByTime(20);
export const live = (desk: LiveDesk): boolean => isLive(desk.board.status());

/** The server tells everything that is asked for. */
export function settle(socket = FakeSocket.last()): void {
  socket.tell(balancesSnapshot(4));
  socket.tell(positionsSnapshot(4, ROWS));
  socket.tell({ type: "orders", account_id: 1, version: 2, changed: [], snapshot: true });
  frame();
}

export function connect(): FakeSocket {
  const socket = FakeSocket.last();
  socket.accept();
  settle(socket);
  return socket;
}
