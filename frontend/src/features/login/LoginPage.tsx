/** The way in. The address stays as it was, so that the place is kept. */
import { useState, type ReactNode, type SyntheticEvent } from "react";
import { isFailure } from "../../api/errors";

type LoginPageProps = { onLogin: (username: string, password: string) => Promise<void> };

export function LoginPage({ onLogin }: LoginPageProps): ReactNode {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);

  const submit = (event: SyntheticEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setBusy(true);
    setProblem(null);
    onLogin(textOf(form, "username"), textOf(form, "password")).catch((error: unknown) => {
      setProblem(loginProblem(error));
      setBusy(false);
    });
  };

  return (
    <main className="door">
      <form className="door-form" onSubmit={submit} aria-labelledby="door-title">
        <h1 id="door-title" className="wordmark">
          Thor
        </h1>
        <p className="lead">Your Schwab accounts, live, on one desk.</p>
        <label htmlFor="username">Name</label>
        <input id="username" name="username" autoComplete="username" autoCapitalize="none" spellCheck={false} required />
        <label htmlFor="password">Password</label>
        <input id="password" name="password" type="password" autoComplete="current-password" required />
        <p className="problem" role="alert">
          {problem}
        </p>
        <button type="submit" className="button primary" disabled={busy}>
          {busy ? "Signing in…" : "Sign in"}
        </button>
        <p className="fine">This is the login of Thor, not the one of Schwab.</p>
      </form>
    </main>
  );
}

function textOf(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === "string" ? value : "";
}

function loginProblem(error: unknown): string {
  if (isFailure(error, "unreachable")) return "Thor's server does not answer. Try again in a moment.";
  if (isFailure(error)) return error.message;
  return "Signing in did not work. Try again.";
}
