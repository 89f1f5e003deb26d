"""`home-media up` with its real services, as tests watch and harm it."""

import json
import subprocess
import urllib.request
from pathlib import Path
from urllib.parse import quote

import psutil

from home_media_pipelines.local.server.ports import free_port
from tests.faults.world import Home
from tests.waiting import until

SERVICES = {
    "code server": ("dagster", "api", "grpc"),
    "gallery": ("home_media_api",),
    "Dagster UI": ("dagster_webserver",),
    "Dagster daemon": ("dagster._daemon",),
}

LAUNCH = """
mutation launch($job: String!, $assets: [AssetKeyInput!], $tags: [ExecutionTag!]!) {
  launchRun(executionParams: {
    selector: {repositoryLocationName: "home_media", repositoryName: "__repository__",
               jobName: $job, assetSelection: $assets}
    runConfigData: "{}"
    executionMetadata: {tags: $tags}
  }) { __typename ... on LaunchRunSuccess { run { runId } }
       ... on PythonError { message } ... on RunConfigValidationInvalid {
         errors { message } } }
}
"""

TERMINATE = """
mutation terminate($run: String!) { terminateRun(runId: $run) { __typename } }
"""


class Up:
    """A running `home-media up` on a state with an embedded database."""

    def __init__(self, home: Home, *roots: Path, **settings: str) -> None:
        self.home, self.port, self.dagster_port = home, free_port(), free_port()
        home.settings = settings  # none: as a person starts it
        self.log = (home.state / "up.log").open("w")
        self.process = subprocess.Popen(
            home.command(
                "up",
                *map(str, roots),
                f"--port={self.port}",
                f"--dagster-port={self.dagster_port}",
            ),
            env=home.environment(),
            stdout=subprocess.PIPE,
            stderr=self.log,
            text=True,
        )
        lines = [self.process.stdout.readline() for _ in range(2)]
        assert all(lines), (home.state / "up.log").read_text()[-3000:]

    def stop(self) -> None:
        """Ctrl-C, and nothing is left."""
        self.process.terminate()
        self.process.communicate(timeout=180)
        self.log.close()
        assert self.home.processes() == []

    def get(self, path: str) -> dict:
        """GET a path of the API."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}") as answer:
            return json.load(answer)

    def shown(self, folder: str) -> int:
        """Count the folder's images that the gallery shows with a placeholder."""
        try:
            page = self.get(f"/api/images?limit=500&folder={quote(folder)}")
        except OSError:
            return 0
        return sum(it["thumbhash"] is not None for it in page["images"])

    def launch(self, job: str, *assets: str, **tags: str) -> str:
        """Start a run as the Dagster UI does; return its id."""
        variables = {
            "job": job,
            "assets": [{"path": [asset]} for asset in assets] or None,
            "tags": [
                {"key": f"dagster/{key}", "value": value} for key, value in tags.items()
            ],
        }
        answer = self._graphql(LAUNCH, variables)
        return answer["data"]["launchRun"]["run"]["runId"]

    def terminate(self, run_id: str) -> str:
        """End a run as the Dagster UI does; return what that says."""
        answer = self._graphql(TERMINATE, {"run": run_id})
        return answer["data"]["terminateRun"]["__typename"]

    def _graphql(self, query: str, variables: dict[str, object]) -> dict:
        body = json.dumps({"query": query, "variables": variables}).encode()
        url = f"http://127.0.0.1:{self.dagster_port}/graphql"
        kind = {"Content-Type": "application/json"}
        with urllib.request.urlopen(urllib.request.Request(url, body, kind)) as reply:
            return json.load(reply)

    def status(self, run_id: str) -> str:
        """Return what Dagster says of a run."""
        return str(
            self.home.one(f"select status from runs where run_id = '{run_id}'", True)
        )

    def look(self, *sensors: str, seconds: float = 240) -> None:
        """Return when each of these sensors has looked, beginning from now."""
        now = self.home.one("select now() at time zone 'utc'", True)
        query = (
            "select count(*) from job_ticks where status in ('SKIPPED', 'SUCCESS') "
            f"and timestamp > '{now}' "
            "and tick_body::json->>'job_name' = '%s'"
        )
        for sensor in sensors:
            until(lambda it=sensor: self.home.one(query % it, True), seconds, sensor)

    def idle(self, seconds: float = 240) -> None:
        """Return when no run is waiting or at work."""
        until(lambda: not self.home.unfinished_runs(), seconds, "all runs to end")

    def settle(self, folder: str, count: int, seconds: float = 240) -> None:
        """Return when the gallery shows so many images and nothing is under way."""
        what = f"{count} images of {folder}"
        until(lambda: self.shown(folder) == count, seconds, what)
        self.idle()

    def find(self, *words: str) -> list[psutil.Process]:
        """Return our processes whose command line holds all the words."""
        found = []
        for process in self.home.processes():
            try:
                line = process.cmdline()
            except psutil.Error:
                continue
            if all(any(word == part for part in line) for word in words):
                found.append(process)
        return found
