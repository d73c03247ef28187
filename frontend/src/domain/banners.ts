/** Which banners stand above the desk: login, throttling, outage and an unreachable server told apart. */
import type { Connection } from "./book";
import { stamp, LENGTH, msUntil, roughLength } from "./time";

export type BannerLevel = "quiet" | "amber" | "red" | "blocking";
export type Banner = {
  id: string;
  level: BannerLevel;
  title: string;
  text: string;
  action: "connect" | "refresh" | null;
};

export type BannerFacts = {
  connection: Connection | null;
  serverReachable: boolean;
  /** When the page last heard from the server; null before the first answer. */
  lastHeardAt: number | null;
  unlinked: readonly string[];
  /** False before the first connection: then the whole page is about connecting. */
  hasAccounts: boolean;
  now: number;
  /** For how long nothing has been pushed to this page, and which link of the chain is missing; null while it is. */
  unpushed?: { ms: number; missing: "socket" | "bus" } | null;
};

/** A reconnect within this time is not worth a word. */
const UNPUSHED_PATIENCE = 8 * LENGTH.second;
const AMBER = 48 * LENGTH.hour;
const RED = 12 * LENGTH.hour;
const QUIET = 72 * LENGTH.hour;

export function banners(facts: BannerFacts): Banner[] {
  const { connection } = facts;
  const list: (Banner | null)[] = [serverBanner(facts)];
  if (connection !== null && connection.state !== "none") {
    const login = loginBanner(connection, facts.now);
    list.push(login);
    if (login?.level !== "blocking") list.push(errorBanner(connection));
  }
  if (connection?.state === "none" && facts.hasAccounts) list.push(DISCONNECTED);
  list.push(unpushedBanner(facts), unlinkedBanner(facts.unlinked));
  return list.filter((banner) => banner !== null);
}

function serverBanner({ serverReachable, lastHeardAt }: BannerFacts): Banner | null {
  if (serverReachable) return null;
  const since = lastHeardAt === null ? "" : ` Shown is what was known at ${stamp(new Date(lastHeardAt).toISOString())}.`;
  return {
    id: "server",
    level: "red",
    title: "Thor's server does not answer.",
    text: `This is between your browser and Thor, not Schwab.${since} Trying again by itself.`,
    action: null,
  };
}

const UNPUSHED = {
  socket: "The live socket is down.",
  bus: "The server's live bus (Redis) is down.",
} as const;

/** Not Schwab and not the server itself: figures still arrive, only later. */
function unpushedBanner({ serverReachable, unpushed }: BannerFacts): Banner | null {
  if (!serverReachable || unpushed == null || unpushed.ms < UNPUSHED_PATIENCE) return null;
  return {
    id: "socket",
    level: "quiet",
    title: UNPUSHED[unpushed.missing],
    text: "Changes are not pushed to this page; it asks for them every few seconds instead. Trying again by itself.",
    action: null,
  };
}

export function loginLeft(connection: Connection, now: number): number | null {
  return connection.login_ends_at === null ? null : msUntil(connection.login_ends_at, now);
}

function loginBanner(connection: Connection, now: number): Banner | null {
  const left = loginLeft(connection, now);
  if (connection.state === "reauth_required" || (left !== null && left <= 0)) return expiredBanner(connection);
  if (left === null || left > QUIET) return null;
  const level = left <= RED ? "red" : left <= AMBER ? "amber" : "quiet";
  return {
    id: "login",
    level,
    title: `Schwab's login ends in ${roughLength(left)}.`,
    text: "Schwab asks for a new sign-in every seven days. Renew it now and the seven days start again.",
    action: "connect",
  };
}

const DISCONNECTED: Banner = {
  id: "login",
  level: "amber",
  title: "Schwab is not connected.",
  text: "The figures below are the last ones known and do not move until you connect.",
  action: "connect",
};

function expiredBanner(connection: Connection): Banner {
  const error = connection.last_error;
  const reason = error !== null && errorWords(error.code) === LOGIN ? error.message : "Schwab's seven-day login has ended.";
  return {
    id: "login",
    level: "blocking",
    title: "Schwab needs a new sign-in.",
    text: `${reason} The figures below are the last ones known and do not move until you connect again.`,
    action: "connect",
  };
}

type ErrorWords = { title: string; action: Banner["action"] };

const OUTAGE: ErrorWords = { title: "Schwab does not answer as it should.", action: "refresh" };
const LOGIN: ErrorWords = { title: "Schwab does not accept the login.", action: "connect" };
const SET_UP: ErrorWords = { title: "Thor's set-up needs a look.", action: null };
const REFUSED: ErrorWords = { title: "Schwab refused a request.", action: "refresh" };

/** What the server's error slugs are about; the sentences come with the error itself. */
const ERROR_WORDS: Record<string, ErrorWords> = {
  schwab_throttled: { title: "Schwab asks Thor to slow down.", action: null },
  schwab_unreachable: OUTAGE,
  schwab_outage: OUTAGE,
  schwab_odd_answer: OUTAGE,
  schwab_refused: REFUSED,
  schwab_not_found: REFUSED,
  not_authorized: LOGIN,
  reauth_required: LOGIN,
  client_refused: SET_UP,
  redirect_refused: SET_UP,
  app_not_configured: SET_UP,
  encryption_key: SET_UP,
};

/** A slug that is new gets a title that claims no more than is known. */
export function errorWords(code: string): ErrorWords {
  const known = Object.hasOwn(ERROR_WORDS, code) ? ERROR_WORDS[code] : undefined;
  return known ?? { title: "Schwab could not be read.", action: "refresh" };
}

function errorBanner(connection: Connection): Banner | null {
  const error = connection.last_error;
  if (error === null) return null;
  if (connection.last_success_at !== null && connection.last_success_at >= error.at) return null;
  return {
    id: "error",
    level: "amber",
    ...errorWords(error.code),
    text: `${error.message} ${error.action}`.trim(),
  };
}

function unlinkedBanner(names: readonly string[]): Banner | null {
  if (names.length === 0) return null;
  const which = names.join(", ");
  return {
    id: "unlinked",
    level: "quiet",
    title: `Schwab no longer lists ${which}.`,
    text: "Its last known figures stay. To bring it back, connect again and tick it.",
    action: "connect",
  };
}
