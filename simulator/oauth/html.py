"""The sign-in pages' HTML: plain, readable on a phone, and labelled so that nobody takes it for the real thing."""

from collections.abc import Sequence
from html import escape
from typing import NamedTuple


class Tick(NamedTuple):
    """One account to tick: the form value and what the person reads."""

    value: str
    label: str


_STYLE = """
:root{color-scheme:light dark}*{box-sizing:border-box}
body{margin:0;font:16px/1.5 system-ui,sans-serif;background:#eef1f5;color:#16202c}
main{max-width:26rem;margin:0 auto;padding:1.25rem}
.mark{background:#7a3b00;color:#fff;padding:.6rem 1rem;text-align:center;font-weight:600}
.card{background:#fff;border:1px solid #c9d2dc;border-radius:.6rem;padding:1.25rem;margin-top:1.25rem}
h1{font-size:1.3rem;margin:0 0 .75rem}label{display:block;margin:.75rem 0 .25rem;font-weight:600}
input[type=text],input[type=password]{width:100%;padding:.6rem;font:inherit}
input{border:1px solid #7d8b9a;border-radius:.4rem}
.tick{display:flex;gap:.7rem;align-items:center;min-height:2.75rem;font-weight:400;margin:0}
.tick input{width:1.3rem;height:1.3rem}.keys{display:flex;gap:.75rem;margin-top:1.25rem}
button{flex:1;min-height:2.75rem;font:inherit;font-weight:600;cursor:pointer}
button{border-radius:.4rem;border:1px solid #0b5394}
button.go{background:#0b5394;color:#fff}button.stop{background:transparent;color:#0b5394}
.bad{background:#fde8e8;color:#8a1010;padding:.6rem .75rem;border-radius:.4rem}.hint{color:#4b5967;font-size:.9rem}
@media (prefers-color-scheme:dark){body{background:#10161d;color:#e6ebf1}.card{background:#1a222c;border-color:#384452}
.hint{color:#a9b6c3}button{border-color:#6fb1f0}button.go{background:#6fb1f0;color:#0b1520}button.stop{color:#9cc9f5}
.bad{background:#4a1a1a;color:#ffd6d6}}
"""


def _page(title: str, flow: str, action: str, fields: str, *, go: str, problem: str) -> str:
    warning = f'<p class="bad" role="alert">{escape(problem)}</p>' if problem else ""
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>{escape(title)} - Schwab stand-in</title><style>{_STYLE}</style></head>
<body><div class="mark">Schwab stand-in: a simulator, not Charles Schwab</div>
<main><div class="card"><h1>{escape(title)}</h1>{warning}
<form method="post" action="/v1/oauth/authorize/{action}">
<input type="hidden" name="flow" value="{escape(flow)}">
{fields}
<div class="keys"><button class="go" name="choice" value="go">{escape(go)}</button>
<button class="stop" name="choice" value="cancel" formnovalidate>Cancel</button></div>
</form></div></main></body></html>"""


def sign_in_page(flow: str, problem: str = "") -> str:
    """User name and password."""
    fields = """<label for="login">Login ID</label>
<input id="login" name="login" type="text" autocomplete="username" autocapitalize="none" required autofocus>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required>
<p class="hint">Demo logins: <b>demo</b> / <b>demo</b> and <b>other</b> / <b>other</b>.</p>"""
    return _page("Sign in", flow, "sign-in", fields, go="Continue", problem=problem)


def second_factor_page(flow: str, code: str, problem: str = "") -> str:
    """The code that the real one would send to a phone."""
    fields = f"""<label for="code">Security code</label>
<input id="code" name="code" type="text" inputmode="numeric" autocomplete="one-time-code" required autofocus>
<p class="hint">No message is sent here; the code is <b>{escape(code)}</b>.</p>"""
    return _page("Confirm it is you", flow, "second-factor", fields, go="Continue", problem=problem)


def consent_page(flow: str, app: str, accounts: Sequence[Tick], problem: str = "") -> str:
    """Accounts ticked one by one; only ticked ones are linked."""
    ticks = "".join(
        f'<label class="tick"><input type="checkbox" name="account" value="{escape(tick.value)}" checked>'
        f"{escape(tick.label)}</label>"
        for tick in accounts
    )
    fields = f"""<p>The app <b>{escape(app)}</b> asks for access to your accounts. Tick the accounts to link.</p>
<fieldset style="border:0;padding:0;margin:0">{ticks}</fieldset>
<p class="hint">Access ends by itself after 7 days.</p>"""
    return _page("Link accounts", flow, "consent", fields, go="Allow", problem=problem)
