"""The built site, served on this machine."""

from __future__ import annotations

import functools
import gzip
import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SITE = ROOT / "_build" / "html"
HOST = "127.0.0.1"
#: What a public host compresses.
PACKED = {".html", ".js", ".css", ".json", ".svg", ".txt", ".xml"}


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves files without a line for each."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Packing(Quiet):
    """Serves files as a public host does: text is compressed."""

    def do_GET(self) -> None:
        """Answer with the file, compressed if it is text."""
        path = Path(self.translate_path(self.path))
        if path.suffix not in PACKED or not path.is_file():
            super().do_GET()
            return
        body = gzip.compress(path.read_bytes(), compresslevel=6, mtime=0)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def served(handler: type[Quiet] = Quiet, folder: Path = SITE) -> Iterator[str]:
    """Address of a server of the site, e.g. ``http://127.0.0.1:4711/``."""
    made = functools.partial(handler, directory=str(folder))
    server = http.server.ThreadingHTTPServer((HOST, 0), made)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://{HOST}:{server.server_port}/"
    server.shutdown()
    server.server_close()
