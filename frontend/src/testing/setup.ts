/** What every test of the page needs: a clean page after each, and the browser parts that jsdom lacks. */
import { cleanup, configure } from "@testing-library/react";
import { afterEach, beforeEach, vi } from "vitest";
import { FakeSocket } from "./socket";

// A busy machine draws the first page late; what does not come at all still fails.
configure({ asyncUtilTimeout: 10_000 });

const noop = (): void => undefined;
const lacking = (target: object, name: string, value: unknown): void => {
  if (Reflect.get(target, name) === undefined) Object.defineProperty(target, name, { value, writable: true, configurable: true });
};

lacking(HTMLElement.prototype, "showPopover", noop);
lacking(HTMLDialogElement.prototype, "showModal", function (this: HTMLDialogElement) {
  this.open = true;
});
lacking(window, "matchMedia", (media: string) => ({ matches: false, media, addEventListener: noop, removeEventListener: noop }));

beforeEach(() => {
  FakeSocket.all = [];
  vi.stubGlobal("WebSocket", FakeSocket);
});

afterEach(() => {
  cleanup();
  vi.useRealTimers();
  window.history.replaceState(null, "", "/");
});
