"""An S3 service on loopback: it keeps objects in memory and believes no signature that it has not made again itself."""

import hmac
from hashlib import sha256

from tests.fakes.served import Answering, Served

ACCESS, SECRET, REGION = "AKIAEXAMPLE", "a secret of the bucket", "eu-west-3"


class FakeS3(Served):
    """`objects` by path; `status` answers every call while it is set. A context manager."""

    def __init__(self):
        self.objects, self.types, self.asked, self.status = {}, {}, [], 0
        super().__init__(_Handler)

    def is_signed(self, method, path, headers, body):
        """As AWS Signature Version 4 has it, written down anew from its description."""
        told = dict(part.split("=", 1) for part in headers["authorization"].split(" ", 1)[1].split(", "))
        key_id, *scope = told["Credential"].split("/")
        names = told["SignedHeaders"].split(";")
        if key_id != ACCESS or headers["x-amz-content-sha256"] != sha256(body).hexdigest() or "host" not in names:
            return False
        lines = [method, path, "", *(f"{name}:{headers[name]}" for name in names), "", ";".join(names)]
        canonical = "\n".join([*lines, sha256(body).hexdigest()])
        text = "\n".join(
            ["AWS4-HMAC-SHA256", headers["x-amz-date"], "/".join(scope), sha256(canonical.encode()).hexdigest()]
        )
        key = b"AWS4" + SECRET.encode()
        for part in (headers["x-amz-date"][:8], REGION, "s3", "aws4_request"):
            key = hmac.new(key, part.encode(), sha256).digest()
        return hmac.new(key, text.encode(), sha256).hexdigest() == told["Signature"]


class _Handler(Answering):
    def do_PUT(self):
        body = self.body()
        self._take("PUT", body)

    def do_GET(self):
        self._take("GET", b"")

    def _take(self, method, body):
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.fake.asked.append((method, self.path))
        if self.fake.status:
            return self.answer(self.fake.status, {}, b"<Error/>")
        if not self.fake.is_signed(method, self.path, headers, body):
            return self.answer(403, {}, b"<Error><Code>SignatureDoesNotMatch</Code></Error>")
        if method == "PUT":
            self.fake.objects[self.path], self.fake.types[self.path] = body, headers.get("content-type")
            return self.answer(200, {}, b"")
        if self.path not in self.fake.objects:
            return self.answer(404, {}, b"<Error><Code>NoSuchKey</Code></Error>")
        return self.answer(200, {}, self.fake.objects[self.path])
