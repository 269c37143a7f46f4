"""Pictures that everybody may see, by name: in a folder of this machine, or in a bucket that speaks S3."""

import hmac
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Final, Protocol
from urllib.parse import quote, urlsplit

from base import outbound
from base.secret import Secret

MOST_BYTES: Final = 2_000_000  # of a file that is read back
READING: Final = outbound.Timeouts(connect=1.0, read=2.0, total=4.0)  # somebody waits for it, with a thread of a door


class MediaError(Exception):
    """The store did not take or give a file; says what it answered."""


class Media(Protocol):
    """Where pictures are kept."""

    def put(self, name: str, content: bytes) -> None:
        """Keep a file, whole or not at all. Raises MediaError and OSError."""

    def get(self, name: str) -> bytes | None:
        """A file's bytes, None when there is none of that name. Raises MediaError and OSError."""


@dataclass(frozen=True)
class Folder:
    """Files under `path`, readable by the server that hands them out."""

    path: Path

    def put(self, name: str, content: bytes) -> None:
        """Keep a file; one that is there stays, as its name tells its content."""
        place = self.path / name
        if place.exists():
            return
        self.path.mkdir(parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(dir=self.path, suffix=".part")
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(draft).chmod(0o644)
        Path(draft).replace(place)

    def get(self, name: str) -> bytes | None:
        """A file's bytes, or None."""
        try:
            return (self.path / name).read_bytes()
        except FileNotFoundError:
            return None


@dataclass(frozen=True)
class Bucket:
    """A bucket by path-style addresses, every call signed with AWS Signature Version 4."""

    endpoint: str  # https://s3.example.com
    bucket: str
    prefix: str
    region: str
    access_key: str
    secret: Secret
    timeouts: outbound.Timeouts  # to keep a file

    def put(self, name: str, content: bytes) -> None:
        """Keep a file. Raises MediaError."""
        answer = self._call("PUT", name, content, self.timeouts)
        if answer.status not in (200, 201, 204):
            raise MediaError(f"put: {answer.status}")

    def get(self, name: str) -> bytes | None:
        """A file's bytes, or None. Raises MediaError."""
        answer = self._call("GET", name, b"", READING)
        if answer.status == 404:
            return None
        if answer.status != 200:
            raise MediaError(f"get: {answer.status}")
        return answer.body

    def _call(self, method: str, name: str, content: bytes, timeouts: outbound.Timeouts) -> outbound.Answer:
        path = quote("/" + "/".join(part for part in (self.bucket, self.prefix, name) if part))
        more = {"content-type": "image/jpeg"} if method == "PUT" else {}
        headers = self._signed(method, path, content, more)
        address = f"{self.endpoint.rstrip('/')}{path}"
        body = content if method == "PUT" else None
        try:
            return outbound.call(method, address, headers=headers, body=body, timeouts=timeouts, most_bytes=MOST_BYTES)
        except outbound.OutboundError as error:
            raise MediaError(str(error)) from error

    def _signed(self, method: str, path: str, content: bytes, more: Mapping[str, str]) -> dict[str, str]:
        """The headers of a call with its signature."""
        now = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
        told = sha256(content).hexdigest()
        headers = {
            "host": urlsplit(self.endpoint).netloc,
            "x-amz-content-sha256": told,
            "x-amz-date": now,
            **more,
        }
        return {**headers, "authorization": authorization(self, method, path, headers, told)}


def authorization(bucket: Bucket, method: str, path: str, headers: Mapping[str, str], told: str) -> str:
    """What proves who calls: the algorithm of AWS Signature Version 4 for the service s3."""
    now, names = headers["x-amz-date"], sorted(headers)
    canonical = "\n".join(
        (method, path, "", *(f"{name}:{headers[name].strip()}" for name in names), "", ";".join(names), told)
    )
    scope = f"{now[:8]}/{bucket.region}/s3/aws4_request"
    to_sign = "\n".join(("AWS4-HMAC-SHA256", now, scope, sha256(canonical.encode()).hexdigest()))
    key = f"AWS4{bucket.secret.reveal()}".encode()
    for part in (now[:8], bucket.region, "s3", "aws4_request"):
        key = hmac.digest(key, part.encode(), sha256)
    signature = hmac.digest(key, to_sign.encode(), sha256).hex()
    named = f"Credential={bucket.access_key}/{scope}, SignedHeaders={';'.join(names)}, Signature={signature}"
    return f"AWS4-HMAC-SHA256 {named}"
