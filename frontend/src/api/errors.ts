/** What can go wrong between the page and Thor's own server, told apart by kind. */

export type FailureKind = "unreachable" | "unauthenticated" | "not_found" | "throttled" | "refused" | "broken";

export class ApiFailure extends Error {
  readonly kind: FailureKind;
  readonly status: number;
  readonly code: string;

  constructor(kind: FailureKind, status: number, code: string, detail: string) {
    super(detail);
    this.name = "ApiFailure";
    this.kind = kind;
    this.status = status;
    this.code = code;
  }
}

export function unreachable(): ApiFailure {
  return new ApiFailure("unreachable", 0, "unreachable", "Thor's server does not answer.");
}

/** Builds the failure of an answer that is not 2xx; `body` may be anything, also HTML of a proxy. */
export function failureOf(status: number, body: unknown): ApiFailure {
  const { detail, code } = readProblem(body);
  return new ApiFailure(kindOf(status, code), status, code ?? `http_${status}`, detail ?? sentenceOf(status));
}

/** A gateway answers 502 to 504 in Thor's place; Thor itself gives a code. */
function kindOf(status: number, code: string | null): FailureKind {
  if (status === 401) return "unauthenticated";
  if (status === 404) return "not_found";
  if (status === 429) return "throttled";
  if ([502, 503, 504].includes(status) && code === null) return "unreachable";
  return status >= 500 ? "broken" : "refused";
}

function sentenceOf(status: number): string {
  if (status >= 500) return `Thor's server failed (${status}).`;
  return `Thor's server refused the request (${status}).`;
}

function readProblem(body: unknown): { detail: string | null; code: string | null } {
  if (typeof body !== "object" || body === null) return { detail: null, code: null };
  const text = (key: string): string | null => {
    const value: unknown = Reflect.get(body, key);
    return typeof value === "string" && value !== "" ? value : null;
  };
  return { detail: text("detail"), code: text("code") };
}

export function isFailure(error: unknown, kind?: FailureKind): error is ApiFailure {
  return error instanceof ApiFailure && (kind === undefined || error.kind === kind);
}
