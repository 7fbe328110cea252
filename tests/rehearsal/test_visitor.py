"""A visitor of the play sends each request over a connection of its own, so that none is lost with an idle one."""

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

from outreach.rehearsal.visitor import Visitor


class _Handler(BaseHTTPRequestHandler):
    """Keeps connections open, as gunicorn does for two seconds."""

    protocol_version = "HTTP/1.1"
    opened = 0

    def setup(self) -> None:
        super().setup()
        type(self).opened += 1

    def do_GET(self) -> None:
        content = b"<p>words</p>"
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Nothing is said."""


def test_no_request_goes_over_a_connection_that_was_idle() -> None:
    with HTTPServer(("127.0.0.1", 0), _Handler) as server:
        serving = threading.Thread(target=server.serve_forever)
        serving.start()
        try:
            with Visitor(f"http://127.0.0.1:{server.server_port}") as visitor:
                assert [visitor.open("/").text for _again in range(3)] == ["words"] * 3
        finally:
            server.shutdown()
            serving.join()
    assert _Handler.opened == 3
