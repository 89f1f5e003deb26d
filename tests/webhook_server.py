"""A webhook that really listens, and takes or refuses what it is told to."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Webhook:
    """Started at once on a port of its own; `status` is what it answers next."""

    def __init__(self) -> None:
        self.taken: list[dict] = []
        self.asked = 0
        self.status = 200
        hook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                hook.asked += 1
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if hook.status < 300:
                    assert self.headers["Content-Type"] == "application/json"
                    hook.taken.append(json.loads(body))
                self.send_response(hook.status)
                if 300 <= hook.status < 400:
                    self.send_header("Location", hook.url + "/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def do_GET(self) -> None:
                """A redirect that was followed."""
                hook.asked += 1

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook/s3cret"
        threading.Thread(target=self.server.serve_forever, args=(0.05,)).start()

    def close(self) -> None:
        """Listen no longer."""
        self.server.shutdown()
        self.server.server_close()
