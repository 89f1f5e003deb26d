"""Every refusal is a problem: enough for a person, nothing for an attacker."""

from concurrent.futures import ThreadPoolExecutor
from itertools import product
from threading import Event

import anyio
import psycopg
import pytest
from psycopg.sql import SQL, Identifier
from starlette.testclient import TestClient

from home_media_api.app import create_app
from home_media_api.queries.health import VIEWS


def refused(answer, status: int) -> dict[str, object]:
    """The problem; checks that it is one."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert (body["status"], body["type"]) == (status, "about:blank")
    assert body["title"]
    assert body["detail"]
    return body


@pytest.fixture
def built_gallery(settings) -> bytes:
    """What `/assets/app.js` answers."""
    script = b"// " + bytes(range(32, 127)) * 20
    (settings.gallery / "assets").mkdir(parents=True)
    (settings.gallery / "assets" / "app.js").write_bytes(script)
    return script


@pytest.mark.parametrize(
    "address",
    [
        "images?limit=0",
        "images?limit=501",
        "images?limit=1e3",
        "images?limit=99999999999999999999",
        "images?after=x",
        "images?after=" + "_" * 31 + "!",
        "images?from=2024-02-30",
        "images?kind=album",
        "images?rating=6",
        "images?q=%00",
        "images?q=" + "x" * 301,
        "images?folder=",
        "images?library=../x",
        "images/1",
        "timeline/2024-13",
        "timeline/2024-07.x",
        "timeline/0000-01",
        "images?taxon=vehicle..truck",
        "images?taxon=vehicle%20%40%3E",
        "images?label=",
        "search",
        "search?q=",
        "search?q=dog&limit=501",
        "images/1/detections",
        "images/1/similar",
        "detections/1/similar",
        "masks/1.png",
        "problems?after=eA",
        "problems?after=%2e%2e",
    ],
)
def test_a_bad_parameter_is_named(client, address):
    body = refused(client.get(f"/api/{address}"), 422)
    assert all(error["field"] for error in body["errors"])


@pytest.mark.parametrize("address", ["/api", "/api/", "/api/nothing", "/api/images/"])
def test_an_unknown_address_of_the_api_is_no_page(client, address):
    refused(client.get(address), 404)


def test_another_method_is_refused(client):
    answer = client.delete("/api/images")
    refused(answer, 405)
    assert "GET" in answer.headers["allow"]


def test_large_requests_are_refused(client):
    refused(client.get("/api/images?q=" + "x" * 9000), 414)
    refused(client.request("GET", "/api/images", content=b"x" * 70_000), 413)


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "", "[::2]"]
)
def test_a_rebound_name_is_refused(client, host):
    """DNS rebinding: a page elsewhere points its own name at this machine."""
    refused(client.get("/api/health", headers={"Host": host}), 421)


HOSTILE = [
    "http://[",
    "http://[::1",
    "//[",
    "http://localhost:99999999",
    "\xff\xfe",
    "'\"<>;--",
    "%00%0d%0a",
    "9" * 5000,
    "-1",
    "[" * 3000,
    ";" * 3000 + "=",
    "",
]


HEADERS = [
    "Host",
    "Origin",
    "Referer",
    "Sec-Fetch-Site",
    "Content-Length",
    "Content-Type",
    "Transfer-Encoding",
    "Cookie",
    "Range",
    "If-Range",
    "If-None-Match",
    "If-Modified-Since",
    "Accept",
    "Accept-Encoding",
    "X-Forwarded-For",
]


def test_no_header_makes_the_server_fail(client, built_gallery):
    """Whoever reaches us may send any bytes; a 500 is a line in our log each time."""
    failed = []
    for header, value in product(HEADERS, HOSTILE):
        headers = {"Host": "localhost", header: value.encode("latin-1")}
        for method, address in (
            ("GET", "/api/images"),
            ("GET", "/assets/app.js"),
            ("POST", "/api/search/image"),
        ):
            answer = client.request(method, address, headers=headers)
            if answer.status_code >= 500:
                failed.append((method, address, header, value[:20]))
    assert failed == []


def test_no_spelling_of_a_length_hides_how_long_it_is(client):
    """Twenty zeros before it once did."""
    for length in ("0" * 20 + "99999999", "9" * 5000, "\xb2", "1e3", ""):
        headers = {"Host": "localhost", "Content-Length": length.encode("latin-1")}
        refused(client.request("GET", "/api/images", headers=headers), 400)


def test_no_range_of_a_page_makes_the_server_fail(client, built_gallery):
    for asked in (
        "bytes=abc",
        "bytes=9-1",
        "bytes=-",
        "bytes=-0",
        "bytes=0-" + "9" * 5000,
        "bytes=" + "9" * 5000 + "-",
        "bytes=" + ",".join(f"{n}-{n}" for n in range(2000)),
        "lines=0-1",
        "bytes=\xb2-\xb3",
    ):
        headers = {"Range": asked.encode("latin-1")}
        answer = client.get("/assets/app.js", headers=headers)
        assert answer.status_code in {200, 206, 400, 416}, asked[:40]
        assert len(answer.content) <= 10 * len(built_gallery)


@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1:5173", "[::1]:8000"])
def test_this_machines_own_names_are_welcome(client, host):
    answer = client.get("/api/health", headers={"Host": host})
    assert answer.json() == {"status": "ok"}
    assert "access-control-allow-origin" not in answer.headers


def test_a_bug_tells_nothing(settings):
    app = create_app(settings)

    @app.get("/api/bug")
    def bug() -> None:
        raise RuntimeError("password=hunter2")

    app.router.routes.insert(0, app.router.routes.pop())
    with TestClient(
        app, base_url="http://localhost", raise_server_exceptions=False
    ) as browser:
        assert "hunter2" not in str(refused(browser.get("/api/bug"), 500))


def test_a_database_that_goes_and_comes_back(client, conn, database_url):
    """The API outlives a restart of Postgres, and says so meanwhile."""
    assert client.get("/api/ready").json() == {"status": "ready"}
    name = psycopg.conninfo.conninfo_to_dict(database_url)["dbname"]
    server = psycopg.conninfo.make_conninfo(database_url, dbname="postgres")
    conn.close()
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f"alter database {name} allow_connections false")
        admin.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = %s",
            [name],
        )
        refused(client.get("/api/ready"), 503)
        refused(client.get("/api/timeline"), 503)
        assert client.get("/api/health").status_code == 200
        admin.execute(f"alter database {name} allow_connections true")
    assert client.get("/api/ready").status_code == 200
    assert client.get("/api/timeline").status_code == 200


def test_a_database_without_our_views_is_not_ready(client, conn):
    conn.execute("drop schema gallery cascade")
    conn.commit()
    refused(client.get("/api/ready"), 503)
    refused(client.get("/api/timeline"), 503)


def test_health_needs_no_worker_thread(client):
    """All of them may be at work, which is no reason to restart the server."""
    done = Event()

    async def fill_threads() -> None:
        anyio.to_thread.current_default_thread_limiter().total_tokens = 1

    client.portal.call(fill_threads)
    busy = client.portal.start_task_soon(anyio.to_thread.run_sync, done.wait)
    with ThreadPoolExecutor(1) as people:
        try:
            asked = people.submit(client.get, "/api/health")
            assert asked.result(timeout=20).json() == {"status": "ok"}
        finally:
            done.set()
    busy.result(timeout=20)


def test_ready_looks_for_every_view_there_is(conn):
    """A new view belongs into VIEWS, a dropped one out of it."""
    rows = conn.execute("select viewname from pg_views where schemaname = 'gallery'")
    assert sorted(name for (name,) in rows) == sorted(VIEWS)


@pytest.mark.parametrize("view", ["timeline", "damage", "alerts"])
def test_one_missing_view_is_enough_not_to_be_ready(client, conn, view):
    conn.execute(SQL("drop view gallery.{} cascade").format(Identifier(view)))
    conn.commit()
    refused(client.get("/api/ready"), 503)


@pytest.mark.parametrize("view", ["timeline", "damage"])
def test_a_view_that_may_not_be_read_is_no_view(client, conn, view):
    everyone = SQL("revoke select on gallery.{} from public, {}")
    role = conn.execute(
        "select distinct grantee from information_schema.role_table_grants"
        " where table_schema = 'gallery' and table_name = %s"
        " and grantee <> current_user",
        [view],
    ).fetchall()
    for (name,) in role:
        conn.execute(everyone.format(Identifier(view), Identifier(name)))
    conn.commit()
    refused(client.get("/api/ready"), 503)


@pytest.mark.parametrize("table", ["files", "images", "exif", "libraries", "problems"])
def test_the_apis_role_sees_no_table(api_url, table):
    """Views are the contract; the role cannot reach round them."""
    with (
        psycopg.connect(api_url) as role,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        role.execute(f"select from public.{table}")
