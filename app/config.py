"""The settings of one installation, read once from the environment."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, get_args
from urllib.parse import quote

from app.errors import ProductError

Mode = Literal["demo", "training", "production"]
MODES: tuple[str, ...] = get_args(Mode)
PROJECT_DIRECTORY = Path(__file__).resolve().parents[1]
MIN_SECRET_LENGTH = 32
MOST_PROXIES = 9
PARTY_KEY_BYTES = 32
# sun_path holds 104 bytes on macOS and 108 on Linux, the closing zero included
MAX_SOCKET_PATH_BYTES = 103
# how the product and the sandbox bank, which is a process of its own, know each other
CALL_BACK_PATH = "/callbacks/payments"
SANDBOX_CHANNEL = "sandbox"
SOURCE_CALL_BACK_PATH = "/callbacks/sources"
# the outside sources of data; each has its SOURCE_<NAME>_URL and SOURCE_<NAME>_SECRET
SOURCES = (
    "enterprise_registry",
    "risk_platform",
    "credit_bureau",
    "court_records",
    "market_rates",
    "goods_prices",
    "screening_lists",
)


class SettingsRefused(ProductError):
    """The environment does not describe an installation that may start; the text names the variable."""


@dataclass(frozen=True)
class SourceAddress:
    """Where an outside source is asked, and the secret that both sides sign with."""

    url: str
    secret: str = field(repr=False)


@dataclass(frozen=True)
class Settings:
    """Where this installation keeps its data, how it is reached and with which secrets.

    `party_key` is 32 bytes in URL-safe base64; `embedded_valkey` says that no REDIS_URL was given, so that the
    supervisor runs the queue's server itself, on the unix socket that `redis_url` then names. `payment_url` is the
    bank's; without one demo and training run the sandbox bank, and production pays nothing. `trusted_proxies` is how
    many proxies in front of the product add to X-Forwarded-For, -Proto and -Host; `metrics_token` opens /metrics to
    readers on other machines. `sources` are the outside sources that have an address.
    """

    mode: Mode
    var_dir: Path
    database_url: str
    redis_url: str
    embedded_valkey: bool
    host: str
    port: int
    secret_key: str = field(repr=False)
    party_key: str = field(repr=False)
    payment_url: str | None
    payment_secret: str = field(repr=False)
    trusted_proxies: int = 0
    metrics_token: str | None = field(default=None, repr=False)
    sources: Mapping[str, SourceAddress] = field(default_factory=dict)

    @property
    def sandbox_bank(self) -> bool:
        """Whether payments go to the sandbox bank."""
        return self.payment_url is None and self.mode != "production"

    @property
    def sandbox_sources(self) -> bool:
        """Whether a source without an address is a sandbox; in production it is not connected."""
        return self.mode != "production" and any(name not in self.sources for name in SOURCES)

    @property
    def sandbox_secret(self) -> str:
        """What the sandbox sources sign with; derived, so that nobody has to set it."""
        return hmac.new(self.secret_key.encode(), b"sandbox-sources", hashlib.sha256).hexdigest()

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Reads MODE, VAR_DIR, DATABASE_URL, REDIS_URL, HOST, PORT, SECRET_KEY, PARTY_KEY, PAYMENT_URL,
        PAYMENT_SECRET, SOURCE_<NAME>_URL and _SECRET, TRUSTED_PROXIES and METRICS_TOKEN; empty is absent.

        Raises SettingsRefused. Outside production absent secrets are made once and kept in the var directory.
        """
        given = {name: value for name, value in (os.environ if environment is None else environment).items() if value}
        mode = _mode(given.get("MODE", "demo"))
        var_dir = Path(given.get("VAR_DIR", PROJECT_DIRECTORY / "var")).expanduser().absolute()
        redis_url = given.get("REDIS_URL")
        secret_key = _long_enough("SECRET_KEY", _secret("SECRET_KEY", given, mode, var_dir))
        payment_url = _url("PAYMENT_URL", given.get("PAYMENT_URL"), mode)
        return cls(
            mode=mode,
            var_dir=var_dir,
            database_url=_database_url(given.get("DATABASE_URL"), var_dir),
            redis_url=redis_url or f"unix://{quote(str(valkey_socket_path(var_dir)))}",
            embedded_valkey=redis_url is None,
            host=given.get("HOST", "127.0.0.1"),
            port=_port(given.get("PORT", "8000")),
            secret_key=secret_key,
            party_key=_party_key(_secret("PARTY_KEY", given, mode, var_dir)),
            payment_url=payment_url,
            payment_secret=_payment_secret(given, payment_url, secret_key),
            trusted_proxies=_proxies(given.get("TRUSTED_PROXIES", "1" if mode == "production" else "0")),
            metrics_token=_long_enough("METRICS_TOKEN", given["METRICS_TOKEN"]) if "METRICS_TOKEN" in given else None,
            sources=_sources(given, mode),
        )


def reached_host(host: str) -> str:
    """Where a server that listens on `host` is reached from the same machine."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}.get(host, host)


def sandbox_port_file(var_dir: Path) -> Path:
    """The file that names the sandbox bank's port."""
    return var_dir / "sandbox_bank.port"


def sources_port_file(var_dir: Path) -> Path:
    """The file that names the sandbox sources' port."""
    return var_dir / "sandbox_sources.port"


def sources_behaviour_file(var_dir: Path) -> Path:
    """The file that says how each sandbox source behaves (app.sandbox_sources.behaviour)."""
    return var_dir / "sandbox_sources.json"


def valkey_socket_path(var_dir: Path) -> Path:
    """The embedded server's socket: in `var_dir`, or in a short directory of this user where that path is too long."""
    inside = var_dir / "valkey" / "valkey.sock"
    if len(os.fsencode(inside)) <= MAX_SOCKET_PATH_BYTES:
        return inside
    name = f"loan-{os.getuid()}-{hashlib.sha256(os.fsencode(var_dir)).hexdigest()[:12]}"
    return Path(tempfile.gettempdir()) / name / "valkey.sock"


def _mode(text: str) -> Mode:
    for mode in get_args(Mode):
        if text == mode:
            return mode  # type: ignore[no-any-return]
    raise _refused("MODE", text, "demo、training 或 production", "demo, training or production")


def _port(text: str) -> int:
    if text.isascii() and text.isdigit() and 0 < int(text) < 65536:
        return int(text)
    raise _refused("PORT", text, "1 到 65535 的整数", "a whole number from 1 to 65535")


def _proxies(text: str) -> int:
    if text.isascii() and text.isdigit() and int(text) <= MOST_PROXIES:
        return int(text)
    raise _refused("TRUSTED_PROXIES", text, f"0 到 {MOST_PROXIES} 的整数", f"a whole number from 0 to {MOST_PROXIES}")


def _database_url(given: str | None, var_dir: Path) -> str:
    if given is None:
        return f"sqlite:///{var_dir / 'loan.db'}"
    for scheme in ("postgres://", "postgresql://"):
        if given.startswith(scheme):
            return "postgresql+psycopg://" + given.removeprefix(scheme)
    return given


def _url(name: str, given: str | None, mode: Mode) -> str | None:
    if given is None or given.startswith("https://") or (mode != "production" and given.startswith("http://")):
        return given
    raise _refused(name, given, "https:// 开头的地址", "an address with https://")


def _sources(given: Mapping[str, str], mode: Mode) -> dict[str, SourceAddress]:
    found = {}
    for source in SOURCES:
        name = f"SOURCE_{source.upper()}"
        url = _url(f"{name}_URL", given.get(f"{name}_URL"), mode)
        if url is None:
            continue
        if f"{name}_SECRET" not in given:
            raise SettingsRefused(
                f"设置了 {name}_URL，还需要与对方约定的 {name}_SECRET。",
                f"{name}_URL is set; {name}_SECRET, which is agreed with the other side, is needed too.",
            )
        found[source] = SourceAddress(url, _long_enough(f"{name}_SECRET", given[f"{name}_SECRET"]))
    return found


def _payment_secret(given: Mapping[str, str], payment_url: str | None, secret_key: str) -> str:
    """The secret shared with the bank; that of the sandbox bank is derived, so that nobody has to set it."""
    if "PAYMENT_SECRET" in given:
        return _long_enough("PAYMENT_SECRET", given["PAYMENT_SECRET"])
    if payment_url is not None:
        raise SettingsRefused(
            "设置了 PAYMENT_URL，还需要与银行约定的 PAYMENT_SECRET。",
            "PAYMENT_URL is set; PAYMENT_SECRET, which is agreed with the bank, is needed too.",
        )
    return hmac.new(secret_key.encode(), b"sandbox-bank", hashlib.sha256).hexdigest()


def _secret(name: str, given: Mapping[str, str], mode: Mode, var_dir: Path) -> str:
    kept = var_dir / "keys" / name.lower()
    if mode != "production":
        return given.get(name) or _kept_secret(kept)
    if name not in given:
        raise SettingsRefused(
            f"生产环境必须设置环境变量 {name}，不会自动生成。",
            f"Production needs the environment variable {name}; it is never made up.",
        )
    if kept.exists() and kept.read_text("ascii").strip() == given[name]:
        raise SettingsRefused(
            f"{name} 是演示用的密钥，生产环境不能使用，请换一个新的。",
            f"{name} is the demo's secret and cannot be used in production; set a new one.",
        )
    return given[name]


def _kept_secret(path: Path) -> str:
    """The secret of an earlier start, or a new one; two processes that start at once get the same."""
    if not path.exists():
        path.parent.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.parent.mkdir(mode=0o700, exist_ok=True)
        descriptor, draft = tempfile.mkstemp(dir=path.parent)  # mode 600
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(base64.urlsafe_b64encode(os.urandom(PARTY_KEY_BYTES)).decode("ascii"))
        try:
            os.link(draft, path)  # fails where somebody else was first, so nobody reads half a key
        except FileExistsError:
            pass
        finally:
            os.unlink(draft)
    return path.read_text("ascii").strip()


def _long_enough(name: str, secret: str) -> str:
    if len(secret) >= MIN_SECRET_LENGTH:
        return secret
    raise SettingsRefused(
        f"{name} 太短，至少需要 {MIN_SECRET_LENGTH} 个字符。",
        f"{name} is too short: {MIN_SECRET_LENGTH} characters at least.",
    )


def _party_key(text: str) -> str:
    try:
        if len(base64.b64decode(text, altchars=b"-_", validate=True)) == PARTY_KEY_BYTES:
            return text
    except (binascii.Error, ValueError):
        pass
    raise SettingsRefused(
        f"PARTY_KEY 必须是 {PARTY_KEY_BYTES} 个随机字节的 base64（URL 安全）编码。",
        f"PARTY_KEY must be {PARTY_KEY_BYTES} random bytes in URL-safe base64.",
    )


def _refused(name: str, text: str, expected_zh: str, expected_en: str) -> SettingsRefused:
    return SettingsRefused(
        f"环境变量 {name} 的值“{text}”无效，应为{expected_zh}。",
        f"The environment variable {name} is {text!r}; expected {expected_en}.",
    )
