"""Token buckets in Redis, one per sender and one per recipient; a missing one starts empty, a recipient's full.

Announcements have a part of their sender's rate, which halves where the provider says that we are too fast and comes
back by itself; answers and notices keep the whole. They also have a speed of their own, which begins low, soon doubles
to all that they may, and halves while the doors are crowded, so that whoever waits for an answer comes first. They go
in lots.
"""

import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import redis
from redis.commands.core import Script

from base.accounts import Rates
from base.log import logger
from bot.sessions import CROWDED, Breaker

log = logger(__name__)
RECOVERS = 0.05  # of the whole rate, each second: half of it is back in ten
LEAST_PACE = 1 / 64
BORNE = 3  # refusals: one in fifty is the weather, and no word about our pace
FIRST = 56.0  # announcements a second, as the next four: the part of a usual sender's rate
SLOWEST = 8.0
DOUBLES = 0.15  # seconds, until it has to give way
DOUBLES_AGAIN = 10.0  # seconds, once it had to
CUTS = 0.5  # seconds between two cuts: a crowd is gone that long after what has brought it
RESTED = 10.0  # seconds in which none had to wait for its speed: the next begins anew
MOMENT = 0.1  # seconds of a sender's rate, as much of it as a process takes along at once
KEPT = 0.5  # seconds that it may use them: what is left then is lost
LOT = 0.25  # seconds of their speed that go together: each by itself would be claimed and settled by itself
# KEYS: buckets, and what stands while the doors are crowded · ARGV for each bucket: tokens a second, size, tokens at
# birth, tokens wanted, 1 if it gives way to who comes in. Returns for each bucket the tokens given (possibly fewer than
# wanted) and the milliseconds until the next one.
TAKE = f"""
local function paced(key, most, crowded, now)
  local held = redis.call('hmget', key, 'speed', 'cut_at', 'bound_at', 'asked_at', 'is_bound')
  local speed, cut_at, bound_at = tonumber(held[1]), tonumber(held[2]), tonumber(held[3])
  local passed = held[5] == '1' and now - tonumber(held[4]) or 0
  if not speed or now - bound_at > {RESTED} then speed, cut_at, bound_at, passed = {FIRST}, 0, now, 0 end
  if crowded and now - cut_at >= {CUTS} then
    speed, cut_at = math.max({SLOWEST}, math.min(speed, most) / 2), now
  elseif not crowded then
    speed = speed * 2 ^ (passed / (cut_at == 0 and {DOUBLES} or {DOUBLES_AGAIN}))
  end
  speed = math.min(most, speed)
  redis.call('hset', key, 'speed', speed, 'cut_at', cut_at, 'bound_at', bound_at, 'asked_at', now)
  return speed
end
local time = redis.call('time')
local now = tonumber(time[1]) + tonumber(time[2]) / 1000000
local crowded, answer = redis.call('exists', KEYS[#KEYS]) == 1, {{}}
for place = 1, #KEYS - 1 do
  local key, own = KEYS[place], place * 5 - 4
  local rate, size = tonumber(ARGV[own]), tonumber(ARGV[own + 1])
  local birth, wanted, gives_way = tonumber(ARGV[own + 2]), tonumber(ARGV[own + 3]), ARGV[own + 4] == '1'
  local held = redis.call('hmget', key, 'tokens', 'at', 'pace', 'paced_at', 'speed')
  local tokens, at, lot = tonumber(held[1]), tonumber(held[2]), 1
  if tokens == nil then tokens, at = birth, now end
  if gives_way then
    local own_speed = wanted > 0 and paced(key, rate, crowded, now) or tonumber(held[5]) or rate
    local pace = held[3] and tonumber(held[3]) + math.max(0, now - tonumber(held[4])) * {RECOVERS} or 1
    rate = math.min(rate * math.min(1, pace), own_speed)
    size = math.max(1, math.min(size, rate))
    lot = math.max(1, math.min(wanted, math.floor(rate * {LOT})))
  end
  tokens = math.min(size, tokens + math.max(0, now - at) * rate)
  local given = tokens < lot and math.min(wanted, 0) or math.min(wanted, math.floor(tokens))
  tokens = tokens - given
  redis.call('hset', key, 'tokens', tokens, 'at', now)
  if gives_way and wanted > 0 then
    redis.call('hset', key, 'is_bound', given < wanted and 1 or 0)
    if given < wanted then redis.call('hset', key, 'bound_at', now) end
  end
  redis.call('pexpire', key, math.ceil(size / rate * 1000) + 60000)
  answer[#answer + 1] = given
  local missing = tokens < lot and lot - tokens or 1 - tokens % 1
  answer[#answer + 1] = given >= wanted and 0 or math.ceil(missing / rate * 1000)
end
return answer
"""
# KEYS: a bucket · ARGV: tokens a second, refusals, refusals that are borne. Refusals leak away by one in twenty of the
# rate; above what is borne the pace halves, once a second, and forgets them. Returns the pace in thousandths.
SLOW = f"""
local time = redis.call('time')
local now = tonumber(time[1]) + tonumber(time[2]) / 1000000
local rate, refused, borne = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local held = redis.call('hmget', KEYS[1], 'pace', 'paced_at', 'heat', 'heat_at')
local pace, paced_at = tonumber(held[1]) or 1, tonumber(held[2]) or 0
local heat = math.max(0, (tonumber(held[3]) or 0) - (now - (tonumber(held[4]) or now)) * rate / 20) + refused
if heat > borne and now - paced_at >= 1 then
  pace = math.max({LEAST_PACE}, math.min(1, pace + (now - paced_at) * {RECOVERS}) / 2)
  heat = 0
  redis.call('hset', KEYS[1], 'pace', pace, 'paced_at', now)
end
redis.call('hset', KEYS[1], 'heat', heat, 'heat_at', now)
redis.call('pexpire', KEYS[1], 120000)
return math.floor(pace * 1000)
"""
MOST_ALONE = 10_000  # buckets that one process remembers while Redis is away
ALONE_SHARE = 0.25  # of a sender's rate that one process allows itself while Redis is away


@dataclass(frozen=True)
class Wanted:
    """Tokens wanted of one bucket: its key, its rates, how many; whether it gives way to who comes in."""

    key: str
    per_second: float
    size: float
    birth: float
    tokens: int = 1
    gives_way: bool = False


@dataclass(frozen=True)
class Given:
    """Tokens given, and the seconds until there is one more when fewer were given than wanted."""

    tokens: int
    wait: float


NO_TOKEN, ONE_TOKEN = Given(0, 0.0), Given(1, 0.0)


@dataclass(frozen=True)
class Lent:
    """Tokens of a sender that this process has and has not used, until when (process time), and how many it has used.

    So many more it takes at the next time: what it used in that time it may use in the next.
    """

    tokens: int = 0
    until: float = float("-inf")
    used: int = 0


def _of_sender(account_key: str, rates: Rates, tokens: int, bulk: int) -> list[Wanted]:
    whole, part = rates.sender_per_second, rates.sender_per_second * rates.bulk_share
    return [
        Wanted(f"bucket:sender:{account_key}", whole, max(1.0, whole), 0.0, tokens),
        Wanted(f"bucket:sender:{account_key}:bulk", part, max(1.0, part), 0.0, bulk, gives_way=True),
    ]


def _recipients_key(account_key: str, conversation: int) -> str:
    return f"bucket:recipient:{account_key}:{conversation}"


def _of_recipient(account_key: str, rates: Rates, conversation: int) -> Wanted:
    burst = rates.recipient_burst
    return Wanted(_recipients_key(account_key, conversation), 1 / rates.recipient_seconds, burst, burst)


@dataclass
class Buckets:
    """Shared by all processes through Redis; while that is away each process keeps to a part of the rate by itself."""

    client: "redis.Redis"
    breaker: Breaker = field(default_factory=Breaker)
    _take: Script = field(init=False)
    _slow: Script = field(init=False)
    _alone: dict[str, tuple[float, float]] = field(default_factory=dict)
    _lent: dict[str, Lent] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self._take, self._slow = self.client.register_script(TAKE), self.client.register_script(SLOW)

    def drop(self, account_keys: Iterable[str], conversations: Sequence[int]) -> bool:
        """Forget how much was sent to these conversations; False when Redis is away."""
        keys = [_recipients_key(account, chat) for account in account_keys for chat in conversations]
        if not keys:
            return True
        if not self.breaker.is_open():
            return False
        try:
            self.client.unlink(*keys)
        except redis.RedisError:
            self.breaker.trip()
            return False
        return True

    def of_sender(self, account_key: str, rates: Rates, wanted: int, bulk: int) -> tuple[Given, Given]:
        """Tokens of a sender's second, and of the part of it that announcements may use."""
        whole, part = self.take(_of_sender(account_key, rates, wanted, bulk))
        return whole, part

    def slow_down(self, account_key: str, rates: Rates, refusals: int) -> float:
        """The provider said so often that this sender is too fast: announcements may halve; their part of the rate.

        While Redis is away each process keeps to a quarter of the rate anyhow.
        """
        if not self.breaker.is_open():
            return ALONE_SHARE
        try:
            key, rate = f"bucket:sender:{account_key}:bulk", rates.sender_per_second * rates.bulk_share
            return int(self._slow([key], [str(rate), str(refusals), str(BORNE)])) / 1000
        except redis.RedisError as error:
            self.breaker.trip()
            log.warning("redis_away", error=type(error).__name__)
            return ALONE_SHARE

    def of_recipients(
        self, account_key: str, rates: Rates, conversations: Sequence[int], unused: tuple[int, int] = (0, 0)
    ) -> list[Given]:
        """One token each for what is said to these conversations; always given where the account has no such rate.

        In the same round trip the sender gets back what it has taken and not used, of both its buckets.
        """
        whole, part = unused
        given_back = _of_sender(account_key, rates, -whole, -part) if whole or part else []
        has_rate = bool(rates.recipient_burst)
        wanted = [_of_recipient(account_key, rates, conversation) for conversation in conversations if has_rate]
        given = self.take([*given_back, *wanted])[len(given_back) :]
        return given if has_rate else [Given(1, 0.0)] * len(conversations)

    def of_answers(self, account_key: str, rates: Rates, conversations: Sequence[int]) -> list[Given]:
        """For each of these conversations a token of the sender's second and one of its own, in one round trip.

        Where the second has none left, the conversation keeps its own and may ask again at once. Where the account has
        no rate per recipient, the process takes those of its next answers along, and asks for none while they last.
        """
        count = len(conversations)
        if not rates.recipient_burst:
            given = self._from_lent(account_key, rates, count)
            return [*[ONE_TOKEN] * given, *[NO_TOKEN] * (count - given)]
        own = [_of_recipient(account_key, rates, conversation) for conversation in conversations]
        sender, *to_each = self.take([*_of_sender(account_key, rates, count, 0)[:1], *own])
        unsent = to_each[sender.tokens :]
        self.take([replace(one, tokens=-got.tokens) for one, got in zip(own[sender.tokens :], unsent, strict=False)])
        return [*to_each[: sender.tokens], *[NO_TOKEN] * len(unsent)]

    def _from_lent(self, account_key: str, rates: Rates, count: int) -> int:
        """How many of so many tokens of a sender's second there are."""
        now = time.monotonic()
        with self._lock:
            lent = self._lent.pop(account_key, Lent())  # nobody else has them meanwhile
        at_hand = lent.tokens if now < lent.until else 0
        if at_hand < count:
            used = lent.used if now < lent.until + KEPT else 0
            more = min(used, int(rates.sender_per_second * MOMENT))
            (sender,) = self.take(_of_sender(account_key, rates, count - at_hand + more, 0)[:1])
            at_hand, lent = at_hand + sender.tokens, Lent(until=now + KEPT)
        given = min(count, at_hand)
        with self._lock:
            self._lent[account_key] = replace(lent, tokens=at_hand - given, used=lent.used + given)
        return given

    def take(self, wanted: list[Wanted]) -> list[Given]:
        """One round trip for any number of buckets."""
        if not wanted:
            return []
        if self.breaker.is_open():
            try:
                numbers = [n for w in wanted for n in (w.per_second, w.size, w.birth, w.tokens, int(w.gives_way))]
                answer = self._take([*(w.key for w in wanted), CROWDED], list(map(str, numbers)))
                return [Given(int(answer[i]), int(answer[i + 1]) / 1000) for i in range(0, len(answer), 2)]
            except redis.RedisError as error:
                self.breaker.trip()
                log.warning("redis_away", error=type(error).__name__)
        return [self._take_alone(one) for one in wanted]

    def _take_alone(self, wanted: Wanted) -> Given:
        now, rate = time.monotonic(), wanted.per_second * ALONE_SHARE
        with self._lock:
            tokens, at = self._alone.pop(wanted.key, (wanted.birth, now))
            tokens = min(wanted.size, tokens + (now - at) * rate)
            given = min(wanted.tokens, int(tokens))
            self._alone[wanted.key] = (tokens - given, now)  # at the end: the first is the one used longest ago
            if len(self._alone) > MOST_ALONE:
                del self._alone[next(iter(self._alone))]
        return Given(given, 0.0 if given >= wanted.tokens else (1 - (tokens - given) % 1) / rate)
