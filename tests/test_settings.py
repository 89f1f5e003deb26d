"""Settings: what is wrong is named, and no secret is repeated."""

import subprocess
import sys

import pytest

from home_media_api.settings import Settings as ApiSettings
from home_media_pipelines.settings import (
    OF_THE_API,
    PREFIX,
    Settings,
    SettingsError,
    load_settings,
)


@pytest.fixture(autouse=True)
def no_settings(monkeypatch, tmp_path):
    import os

    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME_MEDIA_STATE", str(tmp_path))


def test_flags_win_over_the_environment(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME_MEDIA_PORT", "8001")
    assert load_settings(port=None).port == 8001
    assert load_settings(port=8002).port == 8002
    assert load_settings().derived == tmp_path / "derived"


def test_an_unknown_name_is_named_with_the_nearest_known(monkeypatch):
    monkeypatch.setenv("HOME_MEDIA_DAGSTER_PROT", "3001")
    with pytest.raises(
        SettingsError, match=r"HOME_MEDIA_DAGSTER_PROT .*mean HOME_MEDIA_DAGSTER_PORT"
    ):
        load_settings()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "eighty"),
        ("PORT", "70000"),
        ("DEBOUNCE", "-1"),
        ("WATCH_INTERVAL", "0"),
        ("WORKERS", "0"),
        ("TIMEZONE", "Middle-earth/secret"),
        ("DATABASE_URL", "mysql://root:secret@host/db"),
        ("DATABASE_URL", "postgresql://me:secret@host:port/db"),
        ("DATABASE_URL", "postgresql://me:secret@host"),
        ("ALERT_URL", "ftp://secret@host/"),
        ("ALERT_URL", "https:///secret"),
    ],
)
def test_a_malformed_value_is_named_but_not_repeated(monkeypatch, name, value):
    monkeypatch.setenv(f"HOME_MEDIA_{name}", value)
    with pytest.raises(SettingsError, match=f"HOME_MEDIA_{name}: ") as error:
        load_settings()
    assert "secret" not in str(error.value)


def test_a_wrong_choice_is_told_what_may_be_chosen_and_nothing_else(monkeypatch):
    """Defaults that are made of other settings are not wrong because one is."""
    monkeypatch.setenv("HOME_MEDIA_MODELS", "medium")
    with pytest.raises(SettingsError) as error:
        load_settings()
    assert str(error.value) == "HOME_MEDIA_MODELS: should be gpu, cpu, tiny or off"


def test_two_wrong_settings_are_both_named(monkeypatch):
    monkeypatch.setenv("HOME_MEDIA_DEVICE", "abacus")
    monkeypatch.setenv("HOME_MEDIA_PORT", "eighty")
    with pytest.raises(SettingsError, match=r"^HOME_MEDIA_PORT: .*; HOME_MEDIA_DEVICE"):
        load_settings()


def test_the_api_names_what_is_wrong_and_no_password(tmp_path):
    """Its own error would print all it was given."""
    done = subprocess.run(
        [sys.executable, "-m", "home_media_api"],
        env={
            "HOME_MEDIA_DATABASE_URL": "postgresql://me:secret@host/db",
            "HOME_MEDIA_DERIVED": str(tmp_path),
            "HOME_MEDIA_LOG_FORMAT": "secretive",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    said = "home-media: HOME_MEDIA_LOG_FORMAT: should be console or json\n"
    assert (done.returncode, done.stderr) == (1, said)


def test_a_malformed_flag_is_named_as_the_flag_it_is():
    with pytest.raises(SettingsError, match="--dagster-port: "):
        load_settings(dagster_port=0)


def test_passwords_do_not_show_when_settings_are_printed(monkeypatch):
    monkeypatch.setenv("HOME_MEDIA_DATABASE_URL", "postgres://me:secret@host/db")
    settings = load_settings()
    assert settings.database_url == "postgresql://me:secret@host/db"
    assert "secret" not in repr(settings)


def test_a_child_process_reads_the_same_settings(monkeypatch, tmp_path):
    settings = load_settings(port=8002, state=tmp_path / "other")
    for name, value in settings.environment().items():
        monkeypatch.setenv(name, value)
    assert load_settings() == settings


def test_the_settings_of_the_api_are_known_here_too():
    """They share a prefix; `home-media up` hands them through to the API."""
    own = {
        name.upper()
        for name, field in ApiSettings.model_fields.items()
        if field.validation_alias is None
    }
    known = {*OF_THE_API, *(name.upper() for name in Settings.model_fields)}
    assert own <= known
