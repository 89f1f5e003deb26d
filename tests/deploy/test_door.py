"""The door, a real Caddy: nobody comes in unasked, and no page elsewhere asks."""

import base64
import http.client
import json
import os
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from home_media_pipelines.local.server.ports import free_port
from tests.waiting import until

PASSWORD = "correct horse battery"


class Upstream(BaseHTTPRequestHandler):
    """Says who it is and what it was asked, with headers as the API sends them."""

    def do_GET(self) -> None:
        self.rfile.read(int(self.headers.get("content-length", 0)))
        told = {"is": self.server.server_name, "path": self.path}
        told |= {"password": self.headers["authorization"]}
        body = json.dumps(told).encode()
        self.send_response(200)
        self.send_header("Server", "uvicorn")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Content-Security-Policy", "default-src 'none'")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        self.do_GET()

    def log_message(self, *_: object) -> None:
        pass


@dataclass
class Door:
    port: int
    plain: int
    authority: Path
    headers: dict[str, str] = field(default_factory=dict)

    def ask(
        self,
        path: str = "/",
        method: str = "GET",
        password: str | None = PASSWORD,
        **headers: str,
    ) -> http.client.HTTPResponse:
        context = ssl.create_default_context(cafile=self.authority)
        conn = http.client.HTTPSConnection(
            "localhost", self.port, timeout=10, context=context
        )
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if password is not None:
            secret = base64.b64encode(f"anna:{password}".encode()).decode()
            named["Authorization"] = f"Basic {secret}"
        conn.request(method, path, b"{}" if method == "POST" else None, named)
        answer = conn.getresponse()
        answer.text = answer.read().decode()
        return answer

    @property
    def origin(self) -> str:
        return f"https://localhost:{self.port}"


@pytest.fixture(scope="module")
def upstreams() -> Iterator[dict[str, str]]:
    servers = {}
    for name in ("API", "WEBSERVER"):
        servers[name] = ThreadingHTTPServer(("127.0.0.1", 0), Upstream)
        servers[name].server_name = name
        threading.Thread(target=servers[name].serve_forever, daemon=True).start()
    yield {name: f"127.0.0.1:{it.server_port}" for name, it in servers.items()}
    for it in servers.values():
        it.shutdown()
        it.server_close()


@pytest.fixture(scope="module")
def door(
    caddy: str, upstreams: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Door]:
    """The Caddyfile as it is, but for the ports, which are other programs' here."""
    here = tmp_path_factory.mktemp("door")
    port, plain, health = free_port(), free_port(), free_port()
    source = Path(__file__).parents[2] / "deploy" / "door" / "Caddyfile"
    text = source.read_text().replace("admin off", f"admin off\n\thttp_port {plain}")
    (here / "Caddyfile").write_text(text.replace(":2080", f":{health}"))
    hashed = subprocess.run(
        [caddy, "hash-password", "--bcrypt-cost=4"],
        input=f"{PASSWORD}\n",
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    (here / "people").write_text(f"anna {hashed}\n")
    with (here / "log").open("w") as log:
        process = subprocess.Popen(
            [caddy, "run", "--config", "Caddyfile"],
            cwd=here,
            env={
                "PATH": os.environ["PATH"],
                "HOME": str(here),
                "XDG_DATA_HOME": str(here / "data"),
                "SITE": f"localhost:{port}",
                **upstreams,
            },
            stdout=log,
            stderr=log,
        )
    authority = here / "data" / "caddy" / "pki" / "authorities" / "local" / "root.crt"
    try:
        door = Door(port, plain, authority)

        def settled() -> bool:
            with suppress(OSError, ssl.SSLError):
                door.ask()
                return True
            return process.poll() is not None

        until(settled, 30, "the door")
        if process.poll() is not None:
            pytest.fail((here / "log").read_text())
        yield door
    finally:
        process.terminate()
        process.wait(10)


@pytest.mark.parametrize("path", ["/", "/api/images", "/dagster/graphql", "/metrics"])
@pytest.mark.parametrize("password", [None, "wrong horse battery"])
def test_nobody_comes_in_without_a_password(
    door: Door, path: str, password: str | None
) -> None:
    answer = door.ask(path, password=password)
    assert answer.status == 401
    assert answer.headers["www-authenticate"].startswith("Basic")
    assert answer.headers["strict-transport-security"]
    assert "is" not in answer.text


def test_behind_it_are_the_gallery_and_dagster(door: Door) -> None:
    for path, who in (("/", "API"), ("/api/x?y=1", "API"), ("/dagster/z", "WEBSERVER")):
        told = json.loads(door.ask(path).text)
        assert (told["is"], told["path"]) == (who, path)
        assert told["password"] is None


def test_answers_say_how_browsers_should_treat_them_once(door: Door) -> None:
    answer = door.ask("/api/images")
    for name in ("x-content-type-options", "x-frame-options", "referrer-policy"):
        assert len(answer.headers.get_all(name)) == 1
    assert answer.headers["content-security-policy"] == "default-src 'none'"
    assert "uvicorn" not in str(answer.headers)
    assert answer.headers["server"] is None
    policies = door.ask("/dagster/").headers.get_all("content-security-policy")
    assert any("frame-ancestors 'none'" in it for it in policies)


def test_a_page_elsewhere_gets_nothing_out_of_a_browser_that_is_signed_in(
    door: Door,
) -> None:
    for asked in (
        {"method": "POST", "Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "cors"},
        {
            "method": "POST",
            "Sec_Fetch_Site": "cross-site",
            "Sec_Fetch_Mode": "navigate",
        },
        {"method": "GET", "Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "no-cors"},
        {"method": "POST", "Origin": "https://elsewhere.example"},
        {"method": "POST", "Origin": "null"},
        {"Origin": "https://elsewhere.example", "Upgrade": "websocket"},
    ):
        for path in ("/dagster/graphql", "/api/search/image"):
            assert door.ask(path, **asked).status == 403


def test_a_link_into_the_gallery_may_be_followed_from_anywhere(door: Door) -> None:
    answer = door.ask("/", Sec_Fetch_Site="cross-site", Sec_Fetch_Mode="navigate")
    assert answer.status == 200


def test_our_own_pages_may_ask(door: Door) -> None:
    answer = door.ask(
        "/dagster/graphql", "POST", Origin=door.origin, Sec_Fetch_Site="same-origin"
    )
    assert answer.status == 200


def test_who_comes_without_tls_is_sent_to_it(door: Door) -> None:
    conn = http.client.HTTPConnection("localhost", door.plain, timeout=10)
    conn.request("GET", "/api/images")
    answer = conn.getresponse()
    assert answer.status in (301, 308)
    assert answer.headers["location"].startswith("https://localhost")


def test_it_cannot_be_told_otherwise_over_the_net(door: Door) -> None:
    """Caddy's own administration would listen on port 2019."""
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", 2019)) != 0
