"""The settings: config.yaml with the environment laid over it, checked whole before anything starts."""

import os
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    NonNegativeInt,
    PositiveFloat,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)

from base import demo_secrets, overrides
from base.accounts import KINDS, NOT_SET, Address, ChannelAccount, SimulatorAccount
from base.hours import DAYS, Hours, read_hours
from base.mappings import NoMapping, read_file
from base.secret import Secret
from base.templates import DeclaredTemplate, TemplateName
from base.timing import Timing

ROOT: Final = Path(__file__).resolve().parent.parent


class ConfigError(Exception):
    """All that is wrong or missing in the settings; each line names the setting and its variable."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("the settings are not complete:\n" + "\n".join(f"  {problem}" for problem in problems))
        self.problems = tuple(problems)


class Section(BaseModel):
    """A part of config.yaml: it does not change and knows no other key."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Server(Section):
    """Where door 1 listens; `public_base_url` is what providers call and sign, the local address when it is not set."""

    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535)
    public_base_url: Address | None = None
    request_limit_bytes: int = Field(default=3_000_000, gt=0)
    threads: int = Field(default=16, gt=0)
    worker_metrics_port: int = Field(default=0, ge=0, le=65535)  # 0: none
    stops_within_seconds: int = Field(default=10, ge=5, le=25)

    @property
    def local_url(self) -> str:
        """The address of this server on its own machine."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def base_url(self) -> str:
        """The address that others are told."""
        return self.public_base_url or self.local_url


def _with_driver(url: str) -> str:
    # psycopg 3 is the only driver here; operators are handed the driverless form
    scheme, separator, rest = url.partition("://")
    if scheme in ("postgres", "postgresql", "postgresql+psycopg") and separator:
        return f"postgresql+psycopg://{rest}"
    raise ValueError("should be an address that starts with postgresql://")


def _redis_scheme(url: str) -> str:
    if not url.startswith(("redis://", "rediss://", "unix://")):
        raise ValueError("should be an address that starts with redis://, rediss:// or unix://")
    return url


def _whole_path(path: Path) -> Path:
    if "\x00" in str(path):
        raise ValueError("should be a path of a folder")
    try:
        return path.expanduser()
    except RuntimeError as error:
        raise ValueError("should be in a home that this machine has") from error


def _as_hours(written: Mapping[str, tuple[str, ...]]) -> Mapping[str, tuple[str, ...]]:
    read_hours(written)
    return written


class DatabaseSection(Section):
    """PostgreSQL; without an address the embedded one is used."""

    url: Annotated[str, AfterValidator(_with_driver)] | None = Field(default=None, repr=False)
    pool_size: int = Field(default=8, ge=2)  # a try is counted beside the turn that it counts
    pool_wait_seconds: PositiveFloat = 1
    store_within_seconds: PositiveFloat = 2


class RedisSection(Section):
    """Redis; without an address the embedded one is used; `timeout` in seconds."""

    url: Annotated[str, AfterValidator(_redis_scheme)] | None = Field(default=None, repr=False)
    timeout: PositiveFloat = 0.2


class Market(Section):
    """The market's own facts; `organizers` are the phones, in E.164, that are given the organizer's role."""

    # price by straight distance: [km, F CFA] up to each distance, the last one (null) for all beyond
    delivery_bands: tuple[tuple[PositiveFloat | None, NonNegativeInt], ...] = Field(
        default=((4, 500), (8, 1000), (13, 1500), (None, 2000)), min_length=1
    )
    # opening times of a shop that has told none (base.hours)
    hours: Annotated[Mapping[str, tuple[str, ...]], AfterValidator(_as_hours)] = Field(
        default=dict.fromkeys(DAYS, ("07:00-21:00",))
    )
    low_stock: NonNegativeInt = 3  # units of a good that are few, where its vendor has told no other figure
    parcel_fee: NonNegativeInt = 2000  # F CFA for a parcel by bus to a town, where a vendor has no own price
    organizers: tuple[Annotated[str, Field(pattern=r"^\+[1-9]\d{7,14}$")], ...] = Field(default=(), repr=False)

    @property
    def opening(self) -> Hours:
        """The same as `hours`, read."""
        return read_hours(self.hours)


Price = Annotated[float, Field(ge=0, le=100_000)]


class Announcements(Section):
    """Rules of what organizers announce; hours are those of Lomé's day, 0 to 24.

    `prices` estimate one message in F CFA, by kind of account and by what it is there: free, utility, marketing.
    """

    second_above: NonNegativeInt = 200  # people: for more of them a second organizer says yes
    weekly: int = Field(default=2, ge=1)  # announcements that one person gets in seven days
    quiet_from: int = Field(default=20, ge=1, le=24)
    quiet_until: int = Field(default=8, ge=0, le=23)
    prices: Mapping[str, Mapping[Literal["free", "utility", "marketing"], Price]] = Field(default={})

    @field_validator("quiet_until")
    @classmethod
    def _leaves_a_day(cls, until: int, others: ValidationInfo) -> int:
        """Quiet is a night: announcements go from its end to the evening of the same day."""
        if until >= others.data.get("quiet_from", 24):
            raise ValueError("should be before quiet_from: the quiet hours go over midnight")
        return until


class SimulatorSection(Section):
    """Whether the simulator runs: not said = only in the demo without another channel."""

    enabled: bool | None = None


class MediaSection(Section):
    """Where pictures of goods are kept: `s3://bucket/prefix`, or nothing for the folder media under `var`."""

    store: Annotated[str, Field(pattern=r"^(s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[\w/.-]*)?)?$")] = ""
    endpoint: Address | None = None  # of a service that is not Amazon's
    region: str = "us-east-1"
    access_key: str = ""
    secret_key: Secret = NOT_SET


class Config(Section):
    """All settings; a channel account without its secrets is kept, and off.

    `secret_key` signs what ends by itself: addresses, our ids on their way round; those that `secret_key_next` and
    `secret_key_previous` sign are believed. `lasting_key` makes what must not change: codes, shared secrets and hashes
    that stand in the tables; it is `secret_key` where no other is told.
    """

    environment: Literal["demo", "production"] = "demo"
    server: Server = Server()
    database: DatabaseSection = DatabaseSection()
    redis: RedisSection = RedisSection()
    var: Annotated[Path, AfterValidator(_whole_path)] = Path("var")
    secret_key: Secret = NOT_SET
    secret_key_next: Secret = NOT_SET
    secret_key_previous: Secret = NOT_SET
    lasting_key: Secret = NOT_SET
    market: Market = Market()
    announcements: Announcements = Announcements()
    timing: Timing = Timing()
    channel_accounts: tuple[ChannelAccount, ...] = ()
    templates: Mapping[TemplateName, DeclaredTemplate] = Field(default={})
    simulator: SimulatorSection = SimulatorSection()
    media: MediaSection = MediaSection()

    @model_validator(mode="before")
    @classmethod
    def _keys_are_told_of_each_other(cls, tree: Any) -> Any:
        key, *beside = (tree.get(name) for name in ("secret_key", "secret_key_next", "secret_key_previous"))
        if not isinstance(key, str):
            return tree
        whole = Secret(key, *(one for one in beside if isinstance(one, str) and one))
        return {"lasting_key": Secret(key), **tree, "secret_key": whole}

    @property
    def simulator_is_enabled(self) -> bool:
        """What is said; else only in the demo without another channel: its page lets anybody be anyone."""
        if self.simulator.enabled is None:
            others = (account for account in self.channel_accounts if not isinstance(account, SimulatorAccount))
            return self.environment == "demo" and all(account.missing() for account in others)
        return self.simulator.enabled

    def active_accounts(self) -> tuple[ChannelAccount, ...]:
        """The accounts that have all they need, in the order of the file."""
        return tuple(account for account in self._wanted_accounts() if not account.missing())

    def silent_accounts(self) -> Mapping[str, tuple[str, ...]]:
        """The key of each account that is off → the variables it waits for; said once at start."""
        return {account.key: self._variables(account) for account in self._wanted_accounts() if account.missing()}

    def _wanted_accounts(self) -> Iterator[ChannelAccount]:
        for account in self.channel_accounts:
            if self.simulator_is_enabled or not isinstance(account, SimulatorAccount):
                yield account

    def _variables(self, account: ChannelAccount) -> tuple[str, ...]:
        return tuple(variable for _, variable in self.missing_of(account))

    def missing_of(self, account: ChannelAccount) -> tuple[tuple[str, str], ...]:
        """(setting, variable) of each thing this account lacks."""
        return self._named(account, account.missing())

    def _named(self, account: ChannelAccount, fields: Iterable[str]) -> tuple[tuple[str, str], ...]:
        place = self.channel_accounts.index(account)
        first = next(other for other in self.channel_accounts if other.kind == account.kind)
        kind = account.kind if account is first else None
        paths = [("channel_accounts", place, field) for field in fields]
        return tuple((dotted(path), overrides.variable_of(path, kind)) for path in paths)

    def secrets_beside(self) -> tuple[str, ...]:
        """The variables that are set only while a secret is being changed, each once."""
        own = (("secret_key_next", self.secret_key_next), ("secret_key_previous", self.secret_key_previous))
        found = [overrides.variable_of((name,)) for name, secret in own if secret]
        for account in self.channel_accounts:
            fields = [name for name in type(account).model_fields if name.endswith("_previous")]
            found += [variable for _, variable in self._named(account, filter(partial(getattr, account), fields))]
        return tuple(dict.fromkeys(found))

    def waits_for(self, kind: type[ChannelAccount]) -> tuple[str, ...]:
        """The variables that the accounts of a kind lack."""
        known = [account for account in self.channel_accounts if isinstance(account, kind)]
        return tuple(variable for account in known for variable in self._variables(account))


def load(path: Path | None = None, environ: Mapping[str, str] | None = None) -> Config:
    """Read the settings; raises one ConfigError with every problem. `path` defaults to config.yaml of this program."""
    path = path or ROOT / "config.yaml"
    environ = os.environ if environ is None else environ
    tree = _read(path)
    try:
        problems = list(_literal_secrets(tree, ()))
        tree = overrides.fill_placeholders(tree, environ)
    except RecursionError as error:
        raise ConfigError([f"{path.name}: a part of it holds itself"]) from error
    try:
        overrides.lay_over(tree, environ)
        config = Config.model_validate(tree)
    except overrides.BadOverride as error:
        raise ConfigError([*problems, str(error)]) from error
    except ValidationError as error:
        raise ConfigError([*problems, *_explained(error, tree)]) from None
    problems += _doubled_keys(config)
    problems += _missing_in_production(config)
    if problems:
        raise ConfigError(problems)
    return config.model_copy(update={"var": (path.resolve().parent / config.var).resolve()})


def ensure_demo_secrets(config: Config) -> Config:
    """In the demo, fill the secret key and the simulator's secret from var/secret, made once; else unchanged."""
    if config.environment != "demo":
        return config
    made = demo_secrets.read_or_make(config.var / "secret")
    accounts = tuple(_with_secret(account, made.simulator) for account in config.channel_accounts)
    return config.model_copy(
        update={
            "secret_key": config.secret_key or made.secret_key,
            "lasting_key": config.lasting_key or made.secret_key,
            "channel_accounts": accounts,
        }
    )


def _with_secret(account: ChannelAccount, secret: Secret) -> ChannelAccount:
    if isinstance(account, SimulatorAccount) and not account.secret:
        return account.model_copy(update={"secret": secret})
    return account


def dotted(path: tuple[str | int, ...]) -> str:
    """`channel_accounts.0.auth_token`, as operators read a setting's place."""
    return ".".join(str(part) for part in path)


def _read(path: Path) -> dict[str, Any]:
    try:
        return read_file(path)
    except NoMapping as error:
        raise ConfigError([f"{path.name}: {error}"]) from error


SECRET_FIELDS: Final = frozenset(
    name for model in (Config, *KINDS) for name, field in model.model_fields.items() if field.annotation is Secret
)


def _literal_secrets(tree: Any, path: tuple[str | int, ...]) -> Iterator[str]:
    pairs = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, value in pairs:
        here = (*path, key)
        if key in SECRET_FIELDS and isinstance(value, str) and value and not overrides.placeholder(value):
            yield f"{dotted(here)}: a secret stands in the file; write ${{NAME}} and set the variable NAME"
        yield from _literal_secrets(value, here)


def _explained(error: ValidationError, tree: Mapping[str, Any]) -> Iterator[str]:
    for detail in error.errors(include_url=False, include_context=False, include_input=False):
        path, kind = _without_tag(detail["loc"], tree)
        message = "no such setting" if detail["type"] == "extra_forbidden" else detail["msg"]
        yield f"{dotted(path)} ({overrides.variable_of(path, kind)}): {message}"


def _without_tag(loc: tuple[str | int, ...], tree: Mapping[str, Any]) -> tuple[tuple[str | int, ...], str | None]:
    if len(loc) < 3 or loc[0] != "channel_accounts":
        return loc, None
    kinds = [account.get("kind") for account in tree["channel_accounts"] if isinstance(account, dict)]
    is_first = loc[2] in kinds and kinds.index(loc[2]) == loc[1]
    return (*loc[:2], *loc[3:]), str(loc[2]) if is_first else None


def _doubled_keys(config: Config) -> list[str]:
    keys = [account.key for account in config.channel_accounts]
    return [f"channel_accounts: the key {key} is used twice" for key in sorted({k for k in keys if keys.count(k) > 1})]


def _missing_in_production(config: Config) -> Iterator[str]:
    if config.environment != "production":
        return
    needed = {
        ("secret_key",): config.secret_key,
        ("server", "public_base_url"): config.server.public_base_url,
        ("database", "url"): config.database.url,
        ("redis", "url"): config.redis.url,
    }
    for path in (path for path, value in needed.items() if not value):
        yield f"{dotted(path)} ({overrides.variable_of(path)}): missing"
    if config.secret_key_previous and config.lasting_key == config.secret_key:
        yield (
            f"lasting_key ({overrides.variable_of(('lasting_key',))}): missing: it is the key before,"
            " of which the codes of orders were made"
        )
    nothing_begun = not any(account.is_begun for account in config._wanted_accounts())
    for account in config._wanted_accounts():
        if nothing_begun or account.is_begun:
            yield from (f"{setting} ({variable}): missing" for setting, variable in config.missing_of(account))
    if nothing_begun and not config.silent_accounts():
        yield f"channel_accounts ({overrides.variable_of(('channel_accounts',))}): no channel is configured"
