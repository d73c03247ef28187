"""The API schema and the front end's types, generated: `make schema` writes them, `make lint` compares."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from cryptography.fernet import Fernet

from thor.launch import node
from thor.launch.console import say
from thor.launch.paths import FRONTEND, ROOT

SCHEMA = FRONTEND / "openapi.yml"
TYPES = FRONTEND / "src" / "api" / "schema.d.ts"


def settings_for_tools() -> dict[str, str]:
    """Return an environment in which the settings load without a `.env`: for tools that touch no data."""
    env = dict(
        os.environ, DATABASE_URL="sqlite:///:memory:", REDIS_URL="redis://127.0.0.1:1/0", DEBUG="false"
    )
    env["SECRET_KEY"] = "only-for-tools-" + "x" * 40
    env["TOKEN_ENCRYPTION_KEYS"] = Fernet.generate_key().decode()
    return env


def make_schema(target: Path) -> None:
    """Write what the server says of its API; CalledProcessError when it warns."""
    words = [
        sys.executable,
        "manage.py",
        "spectacular",
        "--file",
        str(target),
        "--validate",
        "--fail-on-warn",
    ]
    subprocess.run(words, cwd=ROOT, env=settings_for_tools(), stdin=subprocess.DEVNULL, check=True)


def make_types(schema: Path, target: Path) -> None:
    """Write the TypeScript types of a schema."""
    node.install()
    words = ["npx", "openapi-typescript", str(schema), "-o", str(target)]
    subprocess.run(
        words,
        cwd=FRONTEND,
        env=node.environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        check=True,
    )


def write() -> None:
    """Write both into the front end."""
    make_schema(SCHEMA)
    make_types(SCHEMA, TYPES)
    say(f"wrote {SCHEMA.relative_to(ROOT)} and {TYPES.relative_to(ROOT)}")


def drift() -> list[str]:
    """Return which of the two committed files differ from what would be written now."""
    with tempfile.TemporaryDirectory() as folder:
        schema, types = Path(folder) / "openapi.yml", Path(folder) / "schema.d.ts"
        make_schema(schema)
        make_types(schema, types)
        pairs = ((SCHEMA, schema), (TYPES, types))
        return [
            str(kept.relative_to(ROOT))
            for kept, made in pairs
            if not kept.exists() or kept.read_bytes() != made.read_bytes()
        ]


def main() -> int:
    """Tell whether the committed files are up to date."""
    differing = drift()
    for name in differing:
        say(f"{name} is not what the code says; `make schema` writes it anew")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
