"""Settings come from the environment alone, secrets are kept private, and production does without made-up ones."""

from __future__ import annotations

import base64
import os
import stat
from pathlib import Path

import pytest

from app.config import MAX_SOCKET_PATH_BYTES, SOURCES, Settings, SettingsRefused, valkey_socket_path
from app.gateways import payments

PARTY_KEY = base64.urlsafe_b64encode(bytes(32)).decode()


def read(var_dir: Path, **environment: str) -> Settings:
    return Settings.from_environment({"VAR_DIR": str(var_dir), **environment})


def production(var_dir: Path, **environment: str) -> Settings:
    return read(var_dir, MODE="production", **{"SECRET_KEY": "s" * 40, "PARTY_KEY": PARTY_KEY, **environment})


def test_without_any_variable_a_demo_on_sqlite_starts_on_port_8000(tmp_path: Path) -> None:
    settings = read(tmp_path)

    assert (settings.mode, settings.host, settings.port) == ("demo", "127.0.0.1", 8000)
    assert settings.database_url == f"sqlite:///{tmp_path}/loan.db"
    assert settings.embedded_valkey and settings.redis_url == f"unix://{tmp_path}/valkey/valkey.sock"


def test_an_empty_variable_counts_as_absent(tmp_path: Path) -> None:
    assert read(tmp_path, PORT="", REDIS_URL="").embedded_valkey


def test_a_redis_url_switches_the_embedded_server_off(tmp_path: Path) -> None:
    settings = read(tmp_path, REDIS_URL="redis://queue:6379/2")

    assert (settings.embedded_valkey, settings.redis_url) == (False, "redis://queue:6379/2")


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_postgresql_urls_name_the_driver_that_is_installed(tmp_path: Path, scheme: str) -> None:
    settings = read(tmp_path, DATABASE_URL=f"{scheme}://u:p@h/loan")

    assert settings.database_url == "postgresql+psycopg://u:p@h/loan"


def test_made_up_secrets_stay_the_same_and_only_their_owner_reads_them(tmp_path: Path) -> None:
    first = read(tmp_path)
    second = read(tmp_path)

    assert (first.secret_key, first.party_key) == (second.secret_key, second.party_key)
    modes = [stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "keys").iterdir()]
    assert modes == [0o600, 0o600]


def test_secrets_are_not_shown_with_the_settings(tmp_path: Path) -> None:
    settings = read(tmp_path)

    assert settings.secret_key not in repr(settings) and settings.party_key not in repr(settings)


@pytest.mark.parametrize("name", ["SECRET_KEY", "PARTY_KEY"])
def test_production_refuses_to_start_without_a_secret(tmp_path: Path, name: str) -> None:
    with pytest.raises(SettingsRefused, match=name):
        production(tmp_path, **{name: ""})

    assert not (tmp_path / "keys").exists()


@pytest.mark.parametrize("name", ["SECRET_KEY", "PARTY_KEY"])
def test_production_refuses_the_demos_secrets(tmp_path: Path, name: str) -> None:
    demo = read(tmp_path)

    with pytest.raises(SettingsRefused, match=f"{name} is the demo"):
        production(tmp_path, **{name: demo.secret_key if name == "SECRET_KEY" else demo.party_key})


def test_production_starts_with_its_own_secrets(tmp_path: Path) -> None:
    assert production(tmp_path).mode == "production"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "0"),
        ("PORT", "65536"),
        ("PORT", "8000a"),
        ("MODE", "prod"),
        ("SECRET_KEY", "short"),
        ("PARTY_KEY", "s" * 44),
        ("PARTY_KEY", "密" * 44),
    ],
)
def test_a_wrong_value_is_refused_with_its_name(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(SettingsRefused, match=name):
        read(tmp_path, **{name: value})


def test_the_socket_stays_short_enough_for_the_system_however_deep_the_directory(tmp_path: Path) -> None:
    deep = tmp_path / ("d" * 60) / ("e" * 60)

    path = valkey_socket_path(deep)

    assert len(os.fsencode(path)) <= MAX_SOCKET_PATH_BYTES
    assert path == valkey_socket_path(deep) != valkey_socket_path(deep / "other")


def test_a_directory_with_a_space_gives_a_usable_queue_url(tmp_path: Path) -> None:
    assert read(tmp_path / "my loans").redis_url == f"unix://{tmp_path}/my%20loans/valkey/valkey.sock"


def test_demo_and_training_pay_through_the_sandbox_bank_with_a_secret_of_their_own(tmp_path: Path) -> None:
    settings = [read(tmp_path, MODE=mode) for mode in ("demo", "training")]

    assert all(one.sandbox_bank and len(one.payment_secret) == 64 for one in settings)
    assert settings[0].payment_secret == settings[1].payment_secret != settings[0].secret_key


def test_production_without_a_bank_pays_nothing(tmp_path: Path) -> None:
    settings = production(tmp_path)

    assert not settings.sandbox_bank and isinstance(payments.channel_of(settings), payments.NotConnected)


@pytest.mark.parametrize(
    ("environment", "named"),
    [
        ({"PAYMENT_URL": "http://bank.example"}, "PAYMENT_URL"),
        ({"PAYMENT_URL": "https://bank.example"}, "PAYMENT_SECRET"),
        ({"PAYMENT_URL": "https://bank.example", "PAYMENT_SECRET": "short"}, "PAYMENT_SECRET"),
    ],
)
def test_a_bank_needs_tls_and_an_agreed_secret(tmp_path: Path, environment: dict[str, str], named: str) -> None:
    with pytest.raises(SettingsRefused) as refused:
        production(tmp_path, **environment)

    assert named in refused.value.text.of("en")


@pytest.mark.parametrize(("mode", "given", "hops"), [("demo", "", 0), ("production", "", 1), ("production", "2", 2)])
def test_proxies_are_trusted_as_many_as_there_are(tmp_path: Path, mode: str, given: str, hops: int) -> None:
    made = {"demo": read, "production": production}[mode](tmp_path, TRUSTED_PROXIES=given)

    assert made.trusted_proxies == hops


@pytest.mark.parametrize(
    ("name", "text"), [("TRUSTED_PROXIES", "yes"), ("TRUSTED_PROXIES", "99"), ("METRICS_TOKEN", "short")]
)
def test_settings_of_proxies_and_monitoring_that_cannot_be_meant_are_refused(
    tmp_path: Path, name: str, text: str
) -> None:
    with pytest.raises(SettingsRefused, match=name):
        read(tmp_path, **{name: text})


def test_without_a_token_there_is_none(tmp_path: Path) -> None:
    assert read(tmp_path).metrics_token is None
    assert "m" * 40 not in repr(read(tmp_path, METRICS_TOKEN="m" * 40))


def test_a_source_has_an_address_and_a_secret_or_neither(tmp_path: Path) -> None:
    given = {"SOURCE_RISK_PLATFORM_URL": "https://risk.example/v1", "SOURCE_RISK_PLATFORM_SECRET": "r" * 32}
    settings = production(tmp_path, **given)
    assert settings.sources["risk_platform"].url == "https://risk.example/v1"
    assert list(settings.sources) == ["risk_platform"] and "r" * 32 not in repr(settings)
    for wrong in (
        {"SOURCE_RISK_PLATFORM_URL": "https://risk.example"},
        given | {"SOURCE_RISK_PLATFORM_SECRET": "short"},
        given | {"SOURCE_RISK_PLATFORM_URL": "http://risk.example"},
    ):
        with pytest.raises(SettingsRefused, match="SOURCE_RISK_PLATFORM"):
            production(tmp_path, **wrong)


def test_the_sandbox_sources_run_outside_production_while_a_source_has_no_address(tmp_path: Path) -> None:
    every = {
        f"SOURCE_{name.upper()}_{part}": "https://one.example/" + "s" * 32
        for name in SOURCES
        for part in ("URL", "SECRET")
    }
    assert read(tmp_path).sandbox_sources and read(tmp_path).sandbox_secret != read(tmp_path).payment_secret
    assert not read(tmp_path, **every).sandbox_sources and not production(tmp_path).sandbox_sources
