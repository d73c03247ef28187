/** The one HTTP client: JSON, session cookie, CSRF header, and one place that hears of a lost login. */
import createClient, { type Middleware } from "openapi-fetch";
import type { paths } from "./schema";
import { failureOf, unreachable } from "./errors";

const SAFE = new Set(["GET", "HEAD", "OPTIONS"]);
const TIMEOUT_MS = 20_000;

let csrfToken = "";
let onLoginLost: () => void = () => undefined;

/** Cookie names depend on host and port, so the token comes from the session answer instead. */
export function rememberCsrfToken(token: string): void {
  csrfToken = token;
}

export function whenLoginIsLost(listener: () => void): void {
  onLoginLost = listener;
}

/** For who learns of it without an answer: the live socket is closed when the login ends. */
export function loginIsLost(): void {
  onLoginLost();
}

const csrf: Middleware = {
  onRequest({ request }) {
    if (!SAFE.has(request.method)) request.headers.set("X-CSRFToken", csrfToken);
    return request;
  },
};

function timedFetch(request: Request): Promise<Response> {
  const signal = AbortSignal.any([request.signal, AbortSignal.timeout(TIMEOUT_MS)]);
  return globalThis.fetch(new Request(request, { signal }));
}

export const client = createClient<paths>({
  baseUrl: globalThis.location.origin,
  credentials: "same-origin",
  cache: "no-store",
  headers: { Accept: "application/json" },
  fetch: timedFetch,
});
client.use(csrf);

type Answer<T> = { data?: T; error?: unknown; response: Response };

/** Awaits an answer and gives its body, or throws an `ApiFailure`. */
export async function bodyOf<T>(pending: Promise<Answer<T>>): Promise<T> {
  const answer = await settle(pending);
  // A 204 has no body; its type says so.
  return answer.data as T;
}

/** Like `bodyOf`, but a 304 gives null: what was known still holds. */
export async function bodyUnlessUnchanged<T>(
  pending: Promise<Answer<T>>,
): Promise<{ body: T; etag: string | null } | null> {
  const answer = await settle(pending);
  if (answer.response.status === 304) return null;
  return { body: answer.data as T, etag: answer.response.headers.get("ETag") };
}

async function settle<T>(pending: Promise<Answer<T>>): Promise<Answer<T>> {
  let answer: Answer<T>;
  try {
    answer = await pending;
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw unreachable();
  }
  if (answer.response.ok || answer.response.status === 304) return answer;
  if (answer.response.status === 401) onLoginLost();
  throw failureOf(answer.response.status, answer.error);
}
