"""Alerts: from what really happened, over real databases, to a webhook that listens."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.test_utils import create_run_for_test

from home_media_pipelines.core.operations.agents import AGENT_TAG
from home_media_pipelines.core.operations.alerts import Concern
from home_media_pipelines.db.connect import connect
from home_media_pipelines.db.tables.inventory import libraries
from home_media_pipelines.db.tables.operations import alerts as rows
from home_media_pipelines.defs.care import alerts
from home_media_pipelines.defs.care.disk_checks import look_at_disks
from home_media_pipelines.defs.resources import (
    AlertTarget,
    DagsterDatabase,
    Database,
    Disks,
)
from tests import builders
from tests.webhook_server import Webhook

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
AWAY = Concern("library:photos", "library", "the library photos cannot be reached")


@pytest.fixture
def webhook():
    hook = Webhook()
    yield hook
    hook.close()


@pytest.fixture
def target(webhook):
    return AlertTarget(url=webhook.url, hours=6, backup_hours=50)


@pytest.fixture
def database(database_url):
    return Database(url=database_url)


@pytest.fixture
def look(database, dagster_url, postgres_instance, tmp_path, target):
    """What a person should know of, by name."""

    def find(now=NOW, **disk):
        disks = Disks(directories={"derived": str(tmp_path)}, **{"reserve": 0, **disk})
        dagster_database = DagsterDatabase(url=dagster_url)
        found = alerts.look(database, dagster_database, disks, target, now)
        return {it.alert: it.text for it in found}

    return find


@pytest.fixture
def after(database, target):
    """Let time pass with these concerns; what the sensor says it did."""

    def tick(passed: timedelta, *concerns: Concern):
        with database.connect() as conn:
            known = rows.observe(conn, concerns, now=NOW + passed)
        return alerts.tell(database, target, known, NOW + passed)

    return tick


def hours(number):
    return timedelta(hours=number)


def test_where_all_is_well_there_is_nothing_to_say(look):
    assert look() == {}


def test_what_the_tables_show_is_found(look, conn):
    builders.add_file(conn, "beach/zoey in the bath.jpg")
    builders.add_folder(conn, "birthday")
    libraries.add(conn, "films", Path("/mnt/films"))
    libraries.set_unreachable(conn, "films", "it is empty", now=NOW)
    conn.execute("update folders set attempts = 10 where path = 'birthday'")
    conn.execute(
        """
        insert into integrity (file_id, content_id, size, mtime_ns, verified_at,
                               damaged_at, found, reason)
        select file_id, content_id, size, mtime_ns, now(), now(),
               %s::content_id, 'one bit'
          from files
        """,
        [builders.content("other bytes")],
    )
    conn.execute("update libraries set added_at = %s", [NOW - hours(51)])
    conn.commit()

    found = look(reserve=10**18)

    assert set(found) == {
        "library:films",
        "failures:folders of photos",
        "damage:photos",
        "backup",
        "disk:derived",
    }
    said = " ".join(found.values())
    assert "zoey" not in said, "no word about a picture leaves the house"
    assert "birthday" not in said
    assert "no derived picture is written until there is room" in said


def test_a_fresh_backup_is_no_news(look, conn):
    builders.add_library(conn)
    conn.execute("update libraries set added_at = %s", [NOW - hours(900)])
    conn.execute(
        "insert into backups values (%s, 'irreplaceable', '/backups', 1, 1)",
        [NOW - hours(49)],
    )
    conn.commit()
    assert look() == {}
    assert set(look(NOW + hours(1))) == {"backup"}


@dg.op
def breaks() -> None:
    raise RuntimeError("/mnt/nas/photos/beach/zoey.jpg")


@dg.op
def works() -> None:
    """Do nothing, well."""


def test_a_job_is_named_when_it_keeps_failing_until_it_works_again(
    look, postgres_instance
):
    def run(op):
        graph = dg.GraphDefinition("walk", node_defs=[op])
        graph.to_job().execute_in_process(
            instance=postgres_instance, raise_on_error=False
        )

    now = datetime.now(UTC)
    run(works)
    run(breaks)
    assert look(now) == {}, "once is nothing"
    run(breaks)
    assert look(now) == {"failures:walk": "the last 2 runs of walk failed"}
    run(works)
    assert look(now) == {}


def test_runs_that_went_down_with_a_laptop_failed_nothing(look, postgres_instance):
    for _ in range(3):
        create_run_for_test(
            postgres_instance,
            job_name="vision_job",
            tags={AGENT_TAG: "alienware"},
            status=dg.DagsterRunStatus.FAILURE,
        )
    assert look(datetime.now(UTC)) == {}


def test_what_waits_for_a_sleeping_agent_is_told_unless_another_works(look, conn):
    conn.execute(
        """
        insert into agents (agent, place, runs_at_once)
        values ('alienware', 0, 1), ('tower', 1, 1)
        """
    )
    conn.execute(
        """
        insert into agent_sightings (agent, since, until, reachable, reason)
        values ('alienware', now(), now(), false, 'unreachable'),
               ('tower', now(), now(), true, null)
        """
    )
    conn.execute(
        """
        insert into gpu_queue (at, queued, running, folders, contents, counted_at)
        values (now(), 3, 0, 3, 9, now())
        """
    )
    conn.commit()
    assert look() == {}
    conn.execute("delete from agents where agent = 'tower'")
    conn.commit()
    assert look() == {"agent:alienware": "3 runs wait for alienware: unreachable"}
    conn.execute("update gpu_queue set queued = 0")
    conn.commit()
    assert look() == {}


def test_one_thing_is_told_once_and_once_more_when_it_is_over(after, webhook):
    assert after(hours(0), AWAY) is None
    assert after(hours(5), AWAY) is None
    assert after(hours(6), AWAY) == "told of 1"
    assert after(hours(7), AWAY) is None
    assert after(hours(8)) == "told of 1"
    assert after(hours(9)) is None

    assert [it["title"] for it in webhook.taken] == [
        "Home media: 1 to look at",
        "Home media: all well",
    ]
    [alert] = webhook.taken[0]["alerts"]
    assert (alert["alert"], alert["since"]) == ("library:photos", NOW.isoformat())


def test_no_transaction_is_open_while_a_webhook_takes_its_time(
    after, webhook, monkeypatch, database_url
):
    """It held a row, and what vacuum may clear, for as long as a stranger liked."""
    from home_media_pipelines.defs.care import alerts

    def post(*_: object) -> None:
        with connect(database_url) as conn:
            open_ones = conn.execute(
                """
                select count(*) from pg_stat_activity
                 where datname = current_database() and pid <> pg_backend_pid()
                   and application_name = 'pipelines' and xact_start is not null
                """
            ).fetchone()
        assert open_ones == (0,)

    monkeypatch.setattr(alerts, "post", post)
    assert after(hours(0), AWAY) is None
    assert after(hours(6), AWAY) == "told of 1"


def test_what_passes_by_itself_is_never_told(after, webhook):
    assert after(hours(0), AWAY) is None
    assert after(hours(1)) is None
    assert after(hours(2), AWAY) is None
    assert after(hours(7), AWAY) is None
    assert webhook.asked == 0


def test_a_storm_is_one_message_now_and_one_later(after, webhook):
    storm = [Concern(f"damage:{it}", "damage", "3 files", 3) for it in range(500)]
    assert after(hours(0), *storm[:100]) == "told of 100"
    assert "few minutes" in after(timedelta(minutes=1), *storm)
    assert "few minutes" in after(timedelta(minutes=4), *storm)
    assert after(timedelta(minutes=5), *storm) == "told of 400"
    assert len(webhook.taken) == 2
    assert all(len(it["content"]) < 2_000 for it in webhook.taken)


def test_a_webhook_that_is_down_is_tried_later_each_time_and_nothing_is_lost(
    after, webhook, database
):
    damage = Concern("damage:photos", "damage", "3 files", 3)
    webhook.status = 503
    assert "503" in after(hours(0), damage)
    for minute in range(1, 60):
        after(timedelta(minutes=minute), damage)
    assert webhook.asked == 6, "after 1, 2, 4, 8 … minutes"
    with database.connect() as conn:
        assert "s3cret" not in (rows.webhook(conn).reason or "")

    webhook.status = 200
    after(hours(3), damage, AWAY)
    [message] = webhook.taken
    assert [it["alert"] for it in message["alerts"]] == ["damage:photos"]


def test_without_a_target_alerts_are_still_recorded(database, after, conn):
    with database.connect() as other:
        known = rows.observe(other, [AWAY], now=NOW)
    nobody = AlertTarget(hours=0, backup_hours=50)
    assert alerts.tell(database, nobody, known, NOW) is None
    shown = conn.execute("select alert, kind, told_at from gallery.alerts").fetchall()
    assert shown == [("library:photos", "library", None)]


def test_the_sensor_says_in_dagster_what_goes_on(
    database, dagster_url, postgres_instance, tmp_path, webhook, conn
):
    libraries.add(conn, "films", Path("/mnt/films"))
    libraries.set_unreachable(conn, "films", "it is empty", now=NOW)
    conn.commit()
    resources = {
        "database": database,
        "dagster_database": DagsterDatabase(url=dagster_url),
        "disks": Disks(directories={"state": str(tmp_path)}, reserve=0),
        "alert_target": AlertTarget(url=webhook.url, hours=0, backup_hours=50),
    }
    cursor, told = None, []
    for expected in ("told of 1", "cannot be reached"):
        with dg.build_sensor_context(resources=resources, cursor=cursor) as context:
            said = alerts.alerts(context)
        assert said.skip_reason.skip_message.endswith(expected)
        cursor = said.cursor
        told += said.asset_events
    [check] = told
    assert (check.check_name, check.passed) == ("disk_has_room", True)
    assert "films" in webhook.taken[0]["text"]


def test_a_full_disk_turns_the_check_red_though_no_run_is_left_to_do_it(tmp_path):
    directories = {"derived": str(tmp_path)}
    check = look_at_disks(Disks(directories=directories, reserve=10**18))
    assert not check.passed
    assert "waiting for room" in check.description


def test_a_sensor_that_always_breaks_is_named(dagster_url, postgres_instance):
    """Dagster marks its ticks red, where nobody looks."""
    from dagster._core.definitions.run_request import InstigatorType
    from dagster._core.remote_origin import (
        InProcessCodeLocationOrigin,
        RemoteInstigatorOrigin,
        RemoteRepositoryOrigin,
    )
    from dagster._core.scheduler.instigation import (
        InstigatorState,
        InstigatorStatus,
        SensorInstigatorData,
        TickData,
        TickStatus,
    )
    from dagster._core.types.loadable_target_origin import LoadableTargetOrigin
    from dagster_shared.error import SerializableErrorInfo

    from home_media_pipelines.db.dagster import events as dagster_events

    location = InProcessCodeLocationOrigin(
        LoadableTargetOrigin(), location_name="home_media"
    )
    broke = SerializableErrorInfo("broke", [], "RuntimeError")
    repository = RemoteRepositoryOrigin(location, "__repository__")
    for name, statuses in {
        "nas_watch": [TickStatus.FAILURE] * 5,
        "dead_runs": [TickStatus.FAILURE] * 4 + [TickStatus.SKIPPED],
        "alerts": [TickStatus.FAILURE] * 4,
    }.items():
        origin = RemoteInstigatorOrigin(repository, name)
        postgres_instance.add_instigator_state(
            InstigatorState(
                origin,
                InstigatorType.SENSOR,
                InstigatorStatus.DECLARED_IN_CODE,
                SensorInstigatorData(),
            )
        )
        for second, status in enumerate(statuses):
            postgres_instance.create_tick(
                TickData(
                    origin.get_id(),
                    name,
                    InstigatorType.SENSOR,
                    status,
                    NOW.timestamp() + second,
                    selector_id=origin.get_selector().get_id(),
                    error=broke if status is TickStatus.FAILURE else None,
                )
            )
    with connect(dagster_url) as conn:
        assert dagster_events.failing_ticks(conn) == ["nas_watch"]
