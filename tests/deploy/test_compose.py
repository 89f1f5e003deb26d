"""The compose files, read by Docker's own compose: who may do, see and know what."""

import subprocess
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest

from home_media_pipelines.core.operations.agents import parse_agents
from script import deployment
from tests.deploy.conftest import DEPLOY, PASSWORDS, Config

OURS = "home-media-server:0.1.0"
JOBS = {"migrate", "backup", "weights"}


@pytest.fixture(scope="module")
def server(config: Config) -> dict:
    return config("compose.server.yaml")


@pytest.fixture(scope="module")
def worker(config: Config) -> dict:
    return config("compose.worker.yaml")


def volumes(service: dict) -> dict[str, dict]:
    return {mount["target"]: mount for mount in service.get("volumes", [])}


def test_every_container_is_as_closed_as_it_can_be(server: dict, worker: dict) -> None:
    for name, service in [*server["services"].items(), *worker["services"].items()]:
        assert service["read_only"], name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert not service.get("privileged"), name
    added = {name for name, it in server["services"].items() if it.get("cap_add")}
    assert added == {"door"}


def test_every_image_is_of_one_version(server: dict, worker: dict) -> None:
    """What is pulled anew by itself is another program every time."""
    for service in [*server["services"].values(), *worker["services"].values()]:
        tag = service["image"].partition(":")[2]
        assert tag
        assert "latest" not in tag
        assert any(digit.isdigit() for digit in tag)


def test_what_stays_up_is_looked_after(server: dict) -> None:
    for name, service in server["services"].items():
        if name in JOBS:
            continue
        assert service["restart"] == "unless-stopped", name
        assert service["healthcheck"]["test"], name
        assert service["logging"]["options"]["max-size"], name


def test_the_door_is_the_one_way_in(server: dict) -> None:
    published = {
        name: [(port["host_ip"], port["published"]) for port in service["ports"]]
        for name, service in server["services"].items()
        if service.get("ports")
    }
    assert published == {
        "door": [("0.0.0.0", "80"), ("0.0.0.0", "443")],
        "postgres": [("127.0.0.1", "5432")],
    }
    assert server["networks"]["door"]["internal"]
    assert server["networks"]["graph"]["internal"]
    behind = {
        name for name, it in server["services"].items() if "door" in it["networks"]
    }
    assert behind == {"door", "api", "webserver", "prometheus", "grafana"}


def test_nobody_can_write_to_the_nas(server: dict, worker: dict) -> None:
    mounted = 0
    for service in [*server["services"].values(), *worker["services"].values()]:
        for mount in service.get("volumes", []):
            assert mount["source"] != "nas-sidecars"
            if mount["source"] in ("nas", "/mnt/nas"):
                mounted += 1
                assert mount["read_only"]
    assert mounted >= 4
    for file in (server, worker):
        assert "ro" in file["volumes"]["nas"]["driver_opts"]["o"].split(",")


def test_a_nas_that_the_host_mounts_is_read_only_too(config: Config) -> None:
    """Such a mount may come and go while containers run."""
    read = config("compose.server.yaml", NAS="/mnt/nas", NAS_PROPAGATION="rslave")
    mount = volumes(read["services"]["code"])["/mnt/nas"]
    assert mount["type"] == "bind"
    assert mount["read_only"]
    assert mount["bind"]["propagation"] == "rslave"


def test_smb_is_a_matter_of_three_lines(config: Config) -> None:
    share = {
        "NAS_TYPE": "cifs",
        "NAS_OPTIONS": "addr=nas.lan,username=reader,password=x,ro",
        "NAS_DEVICE": "//nas.lan/photos",
    }
    options = config("compose.server.yaml", **share)["volumes"]["nas"]["driver_opts"]
    assert options == {
        "type": "cifs",
        "o": share["NAS_OPTIONS"],
        "device": share["NAS_DEVICE"],
    }


def test_each_service_knows_its_own_password_alone(server: dict) -> None:
    def known(service: dict) -> set[str]:
        values = " ".join(str(it) for it in service.get("environment", {}).values())
        return {kind for kind in PASSWORDS if PASSWORDS[kind] in values}

    pipelines = {"PIPELINES_PASSWORD", "DAGSTER_PASSWORD"}
    assert {name: known(it) for name, it in server["services"].items()} == {
        "postgres": {"OWNER_PASSWORD"},
        "migrate": set(PASSWORDS),
        "code": {*pipelines, "BACKUP_PASSWORD"},
        "daemon": pipelines,
        "webserver": pipelines,
        "weights": pipelines,
        "api": {"API_PASSWORD"},
        "backup": {"BACKUP_PASSWORD"},
        "door": set(),
        "prometheus": set(),
        "grafana": set(),
    }


def test_an_address_that_workers_reach_is_the_pipelines_too(config: Config) -> None:
    """A run on a worker gets the server's own URLs."""
    read = config("compose.server.yaml", POSTGRES_HOST="192.168.1.10")
    for name in ("code", "daemon"):
        environment = read["services"][name]["environment"]
        for url in ("HOME_MEDIA_DATABASE_URL", "HOME_MEDIA_DAGSTER_DATABASE_URL"):
            assert urlsplit(environment[url]).hostname == "192.168.1.10"


def test_nothing_starts_without_passwords(
    run_compose: Callable[..., subprocess.CompletedProcess[str]],
) -> None:
    done = run_compose("compose.server.yaml", "config", environment={}, check=False)
    assert done.returncode
    assert "run deploy/setup first" in done.stderr


def test_settings_reach_the_pipelines_and_the_api(config: Config) -> None:
    given = {"HOME_MEDIA_API_POOL_SIZE": "3", "HOME_MEDIA_NIGHTLY": "0 4 * * *"}
    secret = {"HOME_MEDIA_ALERT_URL": "https://alerts.lan/token"}
    read = config("compose.server.yaml", **given, **secret)["services"]
    for name in ("code", "api"):
        assert given.items() <= read[name]["environment"].items()
    assert secret.items() <= read["code"]["environment"].items()
    assert not secret.keys() & read["api"]["environment"].keys()


def test_every_setting_is_documented_and_passed_on() -> None:
    for file in (deployment.SERVER, deployment.WORKER):
        assert file.read_text() == deployment.compose(file.read_text()), "script/docs"
    text = deployment.EXAMPLE.read_text()
    assert text == deployment.example(text), "run script/docs"
    for name in deployment.fields():
        assert f"HOME_MEDIA_{name.upper()}" in text


def test_every_variable_of_the_compose_files_is_in_the_example() -> None:
    import re

    example = deployment.EXAMPLE.read_text()
    for file in ("compose.server.yaml", "compose.worker.yaml"):
        for name in set(re.findall(r"\$\{([A-Z_]+)", (DEPLOY / file).read_text())):
            assert re.search(rf"^#?{name}=", example, re.M), name


def test_the_example_agent_mounts_what_a_worker_has(worker: dict) -> None:
    """Docker makes an empty volume of a name that it does not know."""
    example = DEPLOY / "agents" / "agents.example.toml"
    (agent,) = parse_agents(example.read_text())
    made = {volume["name"] for volume in worker["volumes"].values()}
    assert {it.partition(":")[0] for it in agent.volumes} == made
    assert all(it.endswith(":ro") for it in agent.volumes)
    assert agent.image == worker["services"]["check"]["image"]
