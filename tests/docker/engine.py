"""A Docker engine of the tests' own: another machine, as far as anybody can tell.

It has its own socket, images and containerd, so it harms no engine of the machine.
Needs Linux, root, and Debian's docker.io and debootstrap, which `script/docker-engine`
installs. Where anything is missing, tests skip and say what.
"""

import fcntl
import os
import shutil
import signal
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import docker
import docker.errors
import psutil
import pytest
import requests

from tests.waiting import until

REPOSITORY = Path(__file__).parents[2]
CACHE = Path(tempfile.gettempdir()) / "home-media-test-docker"
SUITE, MIRROR = "bookworm", "http://deb.debian.org/debian"
DRIVERS = ("overlay2", "vfs")
START_SECONDS, STOP_SECONDS, BASE_SECONDS, BUILD_SECONDS = 40, 30, 400, 400

FAKE_HOOK = """#!/bin/sh
# Plays nvidia-container-toolkit: puts nvidia-smi into a container that asks for cards.
root=$(python3 -c 'import json, os, sys
state = json.load(sys.stdin)
spec = json.load(open(os.path.join(state["bundle"], "config.json")))
print(os.path.join(state["bundle"], spec["root"]["path"]))') || exit 1
cat > "$root/usr/bin/nvidia-smi" <<'SMI'
#!/bin/sh
echo "NVIDIA GeForce RTX 4090 Laptop GPU, 16376"
SMI
chmod 755 "$root/usr/bin/nvidia-smi"
"""
"""The real one brings the driver's libraries too; what matters here is who is asked."""


class NoEngineError(Exception):
    """There can be no engine here; the message says why."""


def why_none() -> str | None:
    """Return what is missing for an engine of our own, None if nothing."""
    if os.environ.get("TEST_DOCKER") == "off":
        return "TEST_DOCKER is off"
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return "a Docker engine of our own needs root"
    for program in ("dockerd", "containerd", "runc"):
        if shutil.which(program, path=_path()) is None:
            return f"no {program} here (script/docker-engine installs it)"
    return None


class Engine:
    """An engine in a directory of its own; `nvidia` says whether it has a card.

    Containers share the network of the machine: there is no bridge. What is in `keep`
    stays for the next time.
    """

    def __init__(
        self,
        *,
        nvidia: bool = False,
        listen: Sequence[str] = (),
        keep: str | None = None,
    ) -> None:
        self.keep = keep
        self.directory = Path(keep or tempfile.mkdtemp(prefix="home-media-docker-"))
        self.directory.mkdir(exist_ok=True)
        self.socket = self.directory / "docker.sock"
        self.log = self.directory / "engine.log"
        self.nvidia, self.listen = nvidia, tuple(listen)
        self.namespace = f"home-media-{uuid4().hex[:8]}"
        self.process: subprocess.Popen[bytes] | None = None
        self.driver = os.environ.get("TEST_DOCKER_STORAGE")

    @property
    def host(self) -> str:
        """Its address."""
        return f"unix://{self.socket}"

    def client(self, seconds: float = 120) -> docker.DockerClient:
        """Return a client; close it."""
        return docker.DockerClient(self.host, version="auto", timeout=int(seconds))

    def start(self) -> None:
        """Start it and wait for its answer.

        Layers are laid over each other where the kernel lets us, and copied where not.

        Raises:
            NoEngineError: it does not start here; with the end of its log.
        """
        for driver in (self.driver,) if self.driver else DRIVERS:
            try:
                self._start(driver)
            except NoEngineError:
                if driver == DRIVERS[-1] or self.driver:
                    raise
                continue
            self.driver = driver
            return

    def _start(self, driver: str) -> None:
        self.socket.unlink(missing_ok=True)
        command = [
            "dockerd",
            f"--host={self.host}",
            *self.listen,
            f"--data-root={self.directory / 'data'}",
            f"--exec-root={self.directory / 'exec'}",
            f"--pidfile={self.directory / 'engine.pid'}",
            f"--containerd-namespace={self.namespace}",
            f"--containerd-plugins-namespace={self.namespace}-plugins",
            f"--storage-driver={driver}",
            "--iptables=false",
            "--ip6tables=false",
            "--bridge=none",
            "--shutdown-timeout=5",
        ]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command,
                env={**os.environ, "PATH": f"{self._tools()}:{_path()}"},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        with suppress(AssertionError):  # what it says is worth more
            until(
                lambda: self.answers() or self.process.poll() is not None,
                START_SECONDS,
                "the engine",
            )
        if not self.answers():
            said = self.log.read_text(errors="replace")[-1500:]
            self.stop()
            raise NoEngineError(f"the Docker engine does not start here:\n{said}")

    def answers(self) -> bool:
        """Whether it can be talked to."""
        if not self.socket.exists():
            return False
        try:
            self.client(5).close()  # it asks for the version
        except (requests.RequestException, docker.errors.DockerException):
            return False
        return True

    def stop(self) -> None:
        """Switch it off, and all its containers with it."""
        process, self.process = self.process, None
        if process is not None and process.poll() is None:
            process.send_signal(signal.SIGCONT)
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(STOP_SECONDS)
        left = list(self._processes())
        for it in left:
            with suppress(psutil.Error):
                it.kill()
        psutil.wait_procs(left, timeout=5)
        if process is not None:
            process.wait(5)

    def freeze(self) -> None:
        """Close the lid: the engine and all containers stop where they are."""
        for container in self._with_containers():
            container.pause()
        if self.process is not None:
            self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Open the lid."""
        if self.process is not None:
            self.process.send_signal(signal.SIGCONT)
        for container in self._with_containers():
            if container.status == "paused":
                container.unpause()

    def remove(self) -> None:
        """Stop it and forget all it had."""
        self.stop()
        if self.keep:
            return
        for line in reversed(Path("/proc/mounts").read_text().splitlines()):
            mounted = line.split()[1]
            if mounted.startswith(str(self.directory)):
                subprocess.run(["umount", "-l", mounted], check=False)
        shutil.rmtree(self.directory, ignore_errors=True)

    def _with_containers(self) -> list:
        client = self.client()
        try:
            return client.containers.list()
        finally:
            client.close()

    def _tools(self) -> Path:
        """Return a directory of programs that only this engine finds."""
        tools = self.directory / "tools"
        tools.mkdir(exist_ok=True)
        hook = tools / "nvidia-container-runtime-hook"
        hook.unlink(missing_ok=True)
        if self.nvidia:
            hook.write_text(FAKE_HOOK)
            hook.chmod(0o755)
        return tools

    def _processes(self) -> Iterator[psutil.Process]:
        """Yield its containerd and what carries its containers, by our directory."""
        ours = str(self.directory)
        for process in psutil.process_iter():
            with suppress(psutil.Error):
                if any(ours in part for part in process.cmdline()):
                    yield process


@contextmanager
def engine(**options: object) -> Iterator[Engine]:
    """Lend a started engine, or skip the test and say why there is none."""
    if reason := why_none():
        pytest.skip(reason)
    made = Engine(**options)
    try:
        try:
            made.start()
        except NoEngineError as error:
            pytest.skip(str(error))
        yield made
    finally:
        made.remove()


def add_base(client: docker.DockerClient, dockerfile: str) -> None:
    """Import a bare Debian under the name of what a file begins with.

    It is made once per machine. Skips where there is no way to Debian's packages.
    """
    text = (REPOSITORY / "deploy" / dockerfile).read_text()
    name = text.partition("\nFROM ")[2].split()[0]
    with suppress(docker.errors.ImageNotFound):
        client.images.get(name)
        return
    repository, _, tag = name.partition(":")
    client.api.import_image_from_file(str(_base()), repository=repository, tag=tag)


def build(
    client: docker.DockerClient,
    dockerfile: str,
    tag: str,
    *,
    target: str | None = None,
    files: Sequence[str] = (),
) -> str:
    """Build an image from a file of `deploy/` on our base; return its tag.

    `files` are what of the repository the build may copy, by name.
    """
    context = BytesIO()
    with tarfile.open(fileobj=context, mode="w") as tar:
        for name in (f"deploy/{dockerfile}", *files):
            tar.add(REPOSITORY / name, name)
    context.seek(0)
    add_base(client, dockerfile)
    try:
        client.images.build(
            fileobj=context,
            custom_context=True,
            dockerfile=f"deploy/{dockerfile}",
            tag=tag,
            target=target,
            network_mode="host",
            rm=True,
            forcerm=True,
            timeout=BUILD_SECONDS,
        )
    except docker.errors.BuildError as error:
        said = "".join(str(it.get("stream", "")) for it in error.build_log)[-3000:]
        raise AssertionError(f"{dockerfile}: {error}\n{said}") from None
    return tag


def copy_image(source: Engine, target: Engine, name: str) -> None:
    """Do what `docker save | ssh … docker load` does."""
    giving, taking = source.client(), target.client()
    try:
        taking.api.load_image(giving.images.get(name).save(named=True))
    finally:
        giving.close()
        taking.close()


def _base() -> Path:
    """Return a tar of a bare Debian, made by debootstrap when there is none yet."""
    if shutil.which("debootstrap", path=_path()) is None:
        pytest.skip("no debootstrap here (script/docker-engine installs it)")
    CACHE.mkdir(exist_ok=True)
    tar = CACHE / f"{SUITE}.tar"
    with (CACHE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if tar.exists():
            return tar
        with tempfile.TemporaryDirectory(dir=CACHE) as tree:
            made = subprocess.run(
                ["debootstrap", "--variant=minbase", SUITE, tree, MIRROR],
                env={**os.environ, "PATH": _path()},
                capture_output=True,
                text=True,
                timeout=BASE_SECONDS,
                check=False,
            )
            if made.returncode:
                pytest.skip(f"no base image: {made.stdout[-500:]}{made.stderr[-500:]}")
            unfinished = CACHE / f"{uuid4().hex}.tar"
            subprocess.run(
                ["tar", "-C", tree, "--numeric-owner", "-cf", str(unfinished), "."],
                check=True,
                timeout=120,
            )
            unfinished.rename(tar)
    return tar


def _path() -> str:
    """Where the system's own programs are, whoever asks."""
    return f"/usr/sbin:/usr/bin:/sbin:/bin:{os.environ.get('PATH', '')}"
