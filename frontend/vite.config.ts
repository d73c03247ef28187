import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const server = process.env.THOR_DEV_SERVER ?? "http://127.0.0.1:8000";

export default defineConfig(({ command }) => ({
  base: command === "build" ? "/static/" : "/",
  plugins: [react()],
  build: {
    // The content security policy allows no data: fonts or scripts, so nothing may be inlined.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: false,
    // One page, one chunk: 160 KB on the wire, kept by the browser, and no part that may be gone after an upgrade.
    chunkSizeWarningLimit: 600,
  },
  server: { proxy: { "/api": server, "/healthz": server, "/ws": { target: server, ws: true } } },
  test: {
    restoreMocks: true,
    projects: [
      { extends: true, test: { name: "words", environment: "node", include: ["src/**/*.test.ts"] } },
      {
        extends: true,
        test: { name: "page", environment: "jsdom", include: ["src/**/*.test.tsx"], setupFiles: ["src/testing/setup.ts"] },
      },
    ],
  },
}));
