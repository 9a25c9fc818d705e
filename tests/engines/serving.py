"""The built site as the tests of the engines serve it: with a watch in each page, and locked in."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from support.serving import Quiet

WATCH = (Path(__file__).parent / "watch.js").read_text("utf-8")
#: Nothing may be asked of another host: the browser refuses, and tells the page.
LOCK = "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:"
#: A page asked for with ``?flat`` gets no 3D from its browser.
FLAT = "flat"
NO_3D = """
for (const { prototype } of [HTMLCanvasElement, OffscreenCanvas]) {
  const { getContext } = prototype;
  prototype.getContext = function (kind, ...more) {
    return kind.startsWith("webgl") ? null : getContext.call(this, kind, ...more);
  };
}
"""


class Watched(Quiet):
    """Serves files; pages get watch.js as their first script, and may ask nobody else."""

    #: Requests that were answered with an error, e.g. ``404 /a.png``.
    refused: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        """Answer with the file."""
        path = Path(self.translate_path(self.path))
        if path.suffix != ".html" or not path.is_file():
            super().do_GET()
            return
        page = path.read_text("utf-8")
        head, tag, rest = page.partition("<head>")
        assert tag, f"{path.name} has no head"
        script = WATCH + (NO_3D if self.path.endswith(f"?{FLAT}") else "")
        body = f"{head}{tag}<script>{script}</script>{rest}".encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Security-Policy", LOCK)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Keep what was refused."""
        if int(code) >= 400:
            self.refused.append(f"{int(code)} {self.path}")
