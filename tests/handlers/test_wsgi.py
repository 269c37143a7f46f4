"""Headers as a web server's gateway keeps them."""

import pytest

from handlers.wsgi import Headers

ENVIRON = {
    "REQUEST_METHOD": "POST",
    "HTTP_X_TWILIO_SIGNATURE": "abc=",
    "HTTP_HOST": "shop.example",
    "HTTP_X_EMPTY": "",
    "CONTENT_TYPE": "application/json",
    "CONTENT_LENGTH": "",
    "wsgi.url_scheme": "https",
}
EXPECTED = {"x-twilio-signature": "abc=", "host": "shop.example", "x-empty": "", "content-type": "application/json"}


def test_each_header_has_its_name_in_lower_case_and_an_empty_length_is_none():
    headers = Headers(ENVIRON)
    assert (dict(headers), len(headers), headers == EXPECTED) == (EXPECTED, 4, True)
    assert {name: headers[name] for name in EXPECTED} == EXPECTED


@pytest.mark.parametrize("name", ["content-length", "request-method", "x-missing", "wsgi.url_scheme", "http-host"])
def test_what_is_no_header_is_none(name):
    assert (Headers(ENVIRON).get(name), name in Headers(ENVIRON)) == (None, False)
