"""The server's image, started by its compose file on an engine of the tests' own."""

import json
import os
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from home_media_pipelines.local.server.ports import free_port
from home_media_pipelines.local.server.postgres import EmbeddedPostgres
from tests.deploy.conftest import DEPLOY, PASSWORDS, tool
from tests.docker.engine import REPOSITORY, Engine, build
from tests.waiting import until

SERVICES = ("migrate", "api")
LOGINS = ("PIPELINES", "API", "DAGSTER", "BACKUP")


pytestmark = [pytest.mark.xdist_group("docker"), pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def databases(postgres: EmbeddedPostgres) -> Iterator[dict[str, str]]:
    """URLs by the name of their variable, of databases and logins yet to be made."""
    mark = uuid4().hex[:12]
    address = postgres.uri("").rpartition("@")[2].strip("/")
    urls = {"HOME_MEDIA_DATABASE_URL": postgres.uri(f"compose_{mark}")}
    for login in LOGINS:
        name = f"{'dagster_' if login == 'DAGSTER' else ''}compose_{mark}"
        user = f"{login.lower()}_{mark}"
        urls[f"HOME_MEDIA_{login}_DATABASE_URL"] = (
            f"postgresql://{user}:secret@{address}/{name}"
        )
    with psycopg.connect(postgres.uri("postgres"), autocommit=True) as conn:
        conn.execute(SQL("create database {}").format(Identifier(f"compose_{mark}")))
        yield urls
        for name in (f"compose_{mark}", f"dagster_compose_{mark}"):
            query = SQL("drop database if exists {} with (force)")
            conn.execute(query.format(Identifier(name)))
        for login in LOGINS:
            query = SQL("drop role if exists {}")
            conn.execute(query.format(Identifier(f"{login.lower()}_{mark}")))


@pytest.fixture(scope="module")
def started(
    built: Engine,
    volumes_of_module: tuple[str, ...],
    databases: dict[str, str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Engine, int]]:
    """The compose file as it is, on the network of this machine and with our packages.

    This engine has no bridge, and the packages need not be copied for a test.
    """
    if not built.answers():
        built.start()
    client = built.client(600)
    tag = "home-media-server:0.1.0"
    build(client, "server.Dockerfile", tag, target="runtime")
    client.close()
    port, nas = free_port(), tmp_path_factory.mktemp("nas")
    nas.chmod(0o777)  # what keeps a container from writing is the mount alone
    override = nas.with_name("override.yaml")
    override.write_text(_override(volumes_of_module, databases, port))
    command = [
        tool("docker-compose"),
        f"--file={DEPLOY / 'compose.server.yaml'}",
        f"--file={override}",
        "--env-file=/dev/null",
        f"--project-name=test-{uuid4().hex[:8]}",
    ]
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(nas),
        "DOCKER_HOST": built.host,
        "NAS": str(nas),
        **PASSWORDS,
    }

    def compose(*words: str) -> None:
        done = subprocess.run(
            [*command, *words],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=200,
        )
        assert done.returncode == 0, done.stdout + done.stderr

    try:
        compose("up", "--detach", "--no-build", *SERVICES)
        yield built, port
    finally:
        compose("down", "--volumes", "--timeout=5")


@pytest.fixture(scope="module")
def volumes_of_module() -> Iterator[tuple[str, ...]]:
    from tests.docker.worker import packages

    with packages() as lent:
        yield (*lent, f"{REPOSITORY / 'home_media_api'}:/src/home_media_api:ro")


def _override(volumes: tuple[str, ...], urls: dict[str, str], port: int) -> str:
    migrating = {**urls, "PYTHONPATH": "/src"}
    serving = {
        "HOME_MEDIA_API_DATABASE_URL": urls["HOME_MEDIA_API_DATABASE_URL"],
        "HOME_MEDIA_API_LISTEN": "127.0.0.1",
        "HOME_MEDIA_PORT": str(port),
        "PYTHONPATH": "/src",
    }
    module = ["python", "-m", "home_media_pipelines.cli", "db", "migrate", "--roles"]
    lines = ["services:"]
    for name, environment in (("migrate", migrating), ("api", serving)):
        lines += [
            f"  {name}:",
            "    network_mode: host",
            "    networks: !reset null",
            f"    environment: {json.dumps(environment)}",
            f"    volumes: {json.dumps(volumes)}",
        ]
    lines.insert(1 + 5, f"    command: {json.dumps(module)}")
    lines.insert(1 + 5, "    depends_on: !reset null")
    return "\n".join(lines)


def test_it_migrates_makes_logins_and_serves(
    started: tuple[Engine, int], databases: dict[str, str]
) -> None:
    """`api` starts only when `migrate` has done its part."""
    _, port = started
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def health() -> dict[str, str] | None:
        with suppress(urllib.error.URLError):
            url = f"http://127.0.0.1:{port}/api/health"
            return json.load(opener.open(url, timeout=5))
        return None

    assert until(health, 60, "the API") == {"status": "ok"}
    for login in ("PIPELINES", "API"):
        psycopg.connect(databases[f"HOME_MEDIA_{login}_DATABASE_URL"]).close()


def test_its_containers_are_as_closed_as_the_file_says(
    started: tuple[Engine, int],
) -> None:
    engine, _ = started
    client = engine.client()
    containers = [
        it
        for it in client.containers.list(all=True)
        if it.labels.get("com.docker.compose.service") in SERVICES
    ]
    assert len(containers) == len(SERVICES)
    for container in containers:
        host = container.attrs["HostConfig"]
        assert container.attrs["Config"]["User"] == "1000:1000"
        assert host["ReadonlyRootfs"]
        assert host["CapDrop"] == ["ALL"]
        assert not host["Privileged"]
        assert host["SecurityOpt"] == ["no-new-privileges:true"]
        mounts = {it["Destination"]: it["RW"] for it in container.attrs["Mounts"]}
        assert mounts["/mnt/nas"] is False
    (api,) = (it for it in containers if it.status == "running")
    for path in ("/mnt/nas/x", "/var/lib/home-media/derived/x", "/opt/x", "/etc/x"):
        status, said = api.exec_run(["touch", path])
        assert status, path
        assert b"Read-only" in said
    assert api.exec_run(["id", "-u"]).output.strip() == b"1000"
    client.close()


def test_the_door_s_file_names_what_the_compose_file_has() -> None:
    """Names of services are addresses in the Caddyfile."""
    text = (DEPLOY / "door" / "Caddyfile").read_text()
    compose = Path(DEPLOY / "compose.server.yaml").read_text()
    for service in ("api", "webserver", "grafana"):
        assert f":{service}:" in text
        assert f"\n  {service}:\n" in compose
