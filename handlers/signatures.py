"""Signatures over the bytes as they came: Twilio's webhooks, the simulator's bodies, our own ids on their way round."""

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final
from urllib.parse import unquote_to_bytes, urlsplit

from base.secret import Secret, constant_time_equal
from handlers.channel import WebhookRequest
from handlers.errors import BadSignature

TWILIO_HEADER: Final = "x-twilio-signature"
TWILIO_SETTINGS_HEADER: Final = "x-twilio-webhooks-signature-settings"
OUR_HEADER: Final = "x-assigame-signature"
FORM_TYPE: Final = "application/x-www-form-urlencoded"
_ALGORITHMS: Final = {"HMAC_SHA1": "sha1", "HMAC_SHA256": "sha256"}
DEFAULT_PORTS: Final = {"https": 443, "http": 80}
# Twilio sends some forty parameters; a form of thousands is somebody trying our processor
MOST_PARAMETERS: Final = 500

FormPairs = tuple[tuple[bytes, bytes], ...]


def check_twilio(
    request: WebhookRequest,
    public_base_url: str,
    auth_tokens: Sequence[Secret],
    shared_keys: Mapping[str, Secret],
) -> None:
    """Raise BadSignature unless Twilio signed this request (channels.md §1.2).

    `auth_tokens`: one, or two while it is being changed: Twilio signs with its primary one.
    `shared_keys` maps ids (`webhooks_sharedkey_…`) to secrets, for senders that sign with HMAC-SHA256.
    """
    signature = request.headers.get(TWILIO_HEADER, "")
    algorithm, secrets = _twilio_keys(request, auth_tokens, shared_keys)
    tail = _signed_parameters(request)
    urls = webhook_urls(public_base_url, request.path, request.query)
    for secret in secrets:
        if any(constant_time_equal(twilio_signature(secret, url, tail, algorithm), signature) for url in urls):
            return
    raise BadSignature


def twilio_signature(secret: Secret, url: str, parameters: FormPairs = (), algorithm: str = "HMAC_SHA1") -> str:
    """The base64 text that Twilio sends for `url` (with its query, without a fragment) and a form's parameters.

    The twilio library's validator signs decoded text, so it fails on bytes that are no UTF-8, and its comparison tells
    by its duration; this one signs the bytes, and a test holds it against the library's.
    """
    text = url.partition("#")[0].encode("utf-8", "surrogatepass")
    # repeated names: the distinct values, sorted, each after the name; blank values count
    text += b"".join(name + value for name, value in sorted(set(parameters)))
    digest = hmac.digest(_key(secret), text, _ALGORITHMS[algorithm])
    return base64.b64encode(digest).decode("ascii")


def webhook_urls(public_base_url: str, path: str, query: str) -> tuple[str, str]:
    """The address with its port or without, as people configured it, then the other way: Twilio signs either."""
    configured, other = _bases(public_base_url)
    rest = f"{path}?{query}" if query else path
    return configured + rest, other + rest


@lru_cache(maxsize=8)
def _bases(public_base_url: str) -> tuple[str, str]:
    base = urlsplit(public_base_url)
    host = base.netloc.rpartition("@")[2]
    user = base.netloc[: len(base.netloc) - len(host)]
    port = base.port or DEFAULT_PORTS[base.scheme]
    bare = host.removesuffix(f":{base.port}")
    path = base.path.rstrip("/")
    without, with_port = f"{base.scheme}://{user}{bare}{path}", f"{base.scheme}://{user}{bare}:{port}{path}"
    return (with_port, without) if base.port else (without, with_port)


@lru_cache(maxsize=8)  # verifying and reading ask for the same body
def form_pairs(body: bytes) -> FormPairs:
    """The `pairs` of a form."""
    return pairs(body)


def pairs(body: bytes) -> FormPairs:
    """The names and values in their order, as bytes, blank and repeated ones kept; a broken % stays as it is."""
    pieces = body.replace(b"+", b" ").split(b"&", MOST_PARAMETERS)
    halves = [piece.partition(b"=") for piece in pieces if piece]
    return tuple([(_unquoted(name), _unquoted(value)) for name, _, value in halves])


def is_form(request: WebhookRequest) -> bool:
    """Whether the request says that its body is a form."""
    kind = request.headers.get("content-type", "").partition(";")[0]
    return kind.strip().lower() == FORM_TYPE


def sign_our_id(secret_key: Secret, outbox_id: int) -> str:
    """`<id>.<32 hex>`: an outbox id that comes back to us through other hands."""
    text = f"outbox:{outbox_id}".encode("ascii")
    return f"{outbox_id}.{hmac.digest(_key(secret_key), text, 'sha256').hex()[:32]}"


def read_our_id(secret_key: Secret, signed: str) -> int | None:
    """The outbox id of a text made by `sign_our_id` with this key or one beside it, or None."""
    number = signed.partition(".")[0]
    # bigint is 19 digits; int() would also take spaces, underscores and other alphabets' digits
    if not (number.isascii() and number.isdigit() and len(number) < 20):
        return None
    mine = [constant_time_equal(sign_our_id(key, int(number)), signed) for key in secret_key.believed]
    return int(number) if True in mine else None


def sign_body(secret: Secret, raw: bytes) -> str:
    """`sha256=<hex>` over raw bytes, for the header X-Assigame-Signature."""
    return f"sha256={hmac.new(_key(secret), raw, hashlib.sha256).hexdigest()}"


def check_body(secret: Secret, request: WebhookRequest) -> None:
    """Raise BadSignature unless X-Assigame-Signature is ours over the body's raw bytes."""
    signature = request.headers.get(OUR_HEADER, "")
    if not constant_time_equal(sign_body(secret, request.body), signature):
        raise BadSignature


def _twilio_keys(
    request: WebhookRequest, auth_tokens: Sequence[Secret], shared_keys: Mapping[str, Secret]
) -> tuple[str, Sequence[Secret]]:
    header = request.headers.get(TWILIO_SETTINGS_HEADER, "")
    settings = _settings_of(header)
    algorithm = settings.get("algorithm", "HMAC_SHA1")
    if algorithm not in _ALGORITHMS:
        raise BadSignature
    if not settings.get("key"):
        return algorithm, auth_tokens
    if settings["key"] not in shared_keys:
        raise BadSignature
    return algorithm, (shared_keys[settings["key"]],)


@lru_cache(maxsize=8)  # mostly there is none, or the same one
def _settings_of(header: str) -> Mapping[str, str]:
    parts = (part.strip().partition("=") for part in header.split(","))
    return {name: value for name, _, value in parts}


def _signed_parameters(request: WebhookRequest) -> FormPairs:
    if not request.body:
        return ()
    if request.method == "GET":
        raise BadSignature  # a GET is signed by its address only: nothing vouches for its body
    if not is_form(request):
        _check_body_hash(request)
        return ()
    if request.body.count(b"&") >= MOST_PARAMETERS:
        raise BadSignature
    return form_pairs(request.body)


def _check_body_hash(request: WebhookRequest) -> None:
    told = dict(pairs(request.query.encode("utf-8", "surrogatepass"))).get(b"bodySHA256", b"")
    mine = hashlib.sha256(request.body).hexdigest()
    if not constant_time_equal(mine.encode("ascii"), told):
        raise BadSignature


def _unquoted(piece: bytes) -> bytes:
    return unquote_to_bytes(piece) if b"%" in piece else piece


def _key(secret: Secret) -> bytes:
    return secret.reveal().encode("utf-8")
