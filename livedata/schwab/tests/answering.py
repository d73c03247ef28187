"""A web server that says one thing, over plain http or over TLS."""

import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


@contextmanager
def answering(
    status: int,
    body: str,
    kind: str = "text/html",
    *,
    headers: Mapping[str, str] | None = None,
    tls: Path | None = None,
) -> Iterator[int]:
    """Run it for the length of a block, with the certificate `server.pem` of a folder; yields its port."""

    own = {"Content-Type": kind, "Content-Length": str(len(body)), **(headers or {})}

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response_only(status)
            if "Date" not in own:
                self.send_header("Date", self.date_time_string())
            for name, value in own.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    if tls is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(tls / "server.pem", tls / "server.key")
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
