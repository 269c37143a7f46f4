"""Structured logs in which nothing personal can appear: key=value in the demo, JSON in production."""

import logging
import sys
from collections.abc import Iterator, Mapping, MutableMapping
from pathlib import Path
from traceback import format_exception_only, walk_tb
from types import TracebackType
from typing import Any, Final, TextIO

import structlog
from structlog.typing import EventDict, FilteringBoundLogger, Processor

from base.scrubbing import clean_message, scrub

ROOT: Final = Path(__file__).resolve().parent.parent
WITHHELD: Final = "[withheld]"
MOST_FRAMES: Final = 12
PHONE_DIGITS: Final = 8

# Texts are printed under these keys only; small numbers, booleans and None under any.
ALLOWED_KEYS: Final = frozenset(
    """
    account action application attempt bind channel code command database dialog environment error event exception
    factor file folder hat host intent job kind language level logger machine method migration mode name outcome
    outcomes place process provider queue reason revision role room route rule setting settings sqlstate state
    state_after state_before status step table task template text_key text_keys timestamp url_path variable variables
    version worker
    """.split()
)
ALLOWED_ENDINGS: Final = ("_id", "_ids", "_sid", "_kind", "_state", "_status", "_count", "_ms", "_seconds", "_bytes")
BIG_NUMBER_ENDINGS: Final = ("_id", "_ids", "_ms", "_seconds", "_bytes", "_count", "revision")


def configure(environment: str, stream: TextIO | None = None) -> None:
    """Send every log of this process, those of libraries too, to `stream` (stderr) through the same net."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, structlog.stdlib.add_log_level, _clean_foreign],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_net(), _renderer(environment)],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)  # libraries speak of addresses and parameters below this level
    logging.getLogger("assigame").setLevel(logging.INFO)
    logging.raiseExceptions = False  # else a handler that fails prints the entry itself, unscrubbed
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.add_logger_name,
            structlog.stdlib.add_log_level,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )


def logger(name: str) -> FilteringBoundLogger:
    """The log of one module: `logger(__name__).info("turn taken", conversation_id=7, rows=2)`."""
    return structlog.get_logger(f"assigame.{name}")  # type: ignore[no-any-return]


def _net() -> tuple[Processor, ...]:
    return (_explain_exception, withhold_personal, structlog.processors.TimeStamper(fmt="iso", utc=True))


def _renderer(environment: str) -> Processor:
    if environment == "production":
        return structlog.processors.JSONRenderer(ensure_ascii=False)
    order = ["timestamp", "level", "logger", "event"]
    return structlog.processors.LogfmtRenderer(key_order=order, drop_missing=True, bool_as_flag=False)


def withhold_personal(_: Any, __: str, entry: EventDict) -> EventDict:
    """Keep what may be said: allowed keys, scrubbed; everything else is named and withheld."""
    return {key: _safe(key, value) for key, value in entry.items()}


def _safe(key: str, value: Any) -> Any:
    if value is None or isinstance(value, bool | float):
        return value
    if isinstance(value, int):
        return value if _is_harmless_number(key, value) else "[number]"
    if key != "id" and key not in ALLOWED_KEYS and not key.endswith(ALLOWED_ENDINGS):
        return WITHHELD
    if isinstance(value, Mapping):
        return {str(name): _safe(str(name), item) for name, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_safe(key, item) for item in value]
    return scrub(str(value))


def _is_harmless_number(key: str, value: int) -> bool:
    return abs(value) < 10 ** (PHONE_DIGITS - 1) or key == "id" or key.endswith(BIG_NUMBER_ENDINGS)


def _clean_foreign(_: Any, __: str, entry: EventDict) -> EventDict:
    # a library's sentence may quote what it was given
    return {**entry, "event": clean_message(str(entry.get("event", "")))}


def _explain_exception(_: Any, __: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    given = entry.pop("exc_info", None)
    entry.pop("stack_info", None)
    if given is True:
        given = sys.exc_info()
    error = given[1] if isinstance(given, tuple) else given
    if isinstance(error, BaseException):
        entry["exception"] = explain(error)
    return entry


def place_of(error: BaseException) -> str:
    """The class of an error and the line where it rose: what an operator needs, and no word of a person."""
    frame = error.__traceback__
    while frame and frame.tb_next:
        frame = frame.tb_next
    where = f" at {frame.tb_frame.f_code.co_filename.rsplit('/', 1)[-1]}:{frame.tb_lineno}" if frame else ""
    return f"{type(error).__name__}{where}"


def explain(error: BaseException) -> str:
    """One line: each exception of the chain, newest first, with its type, cleaned message and frames."""
    return " <- ".join(_explain_one(link) for link in _chain(error))


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    link: BaseException | None = error
    while link is not None and id(link) not in seen:
        seen.add(id(link))
        yield link
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)


def _explain_one(error: BaseException) -> str:
    name = f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")
    frames = " > ".join(list(_frames(error.__traceback__))[-MOST_FRAMES:])
    return f"{name}: {clean_message(_text(error))} [{frames}]"


def _text(error: BaseException) -> str:
    # the standard library's form outlives a __str__ that fails
    return format_exception_only(error)[0].partition(": ")[2]


def _frames(traceback: TracebackType | None) -> Iterator[str]:
    for frame, line in walk_tb(traceback):
        yield f"{_short(frame.f_code.co_filename)}:{line}:{frame.f_code.co_name}"


def _short(filename: str) -> str:
    _, found, after = filename.rpartition("/site-packages/")
    return after if found else filename.removeprefix(f"{ROOT}/")
