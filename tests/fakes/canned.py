"""In the place of the way to Twilio: every request gets one answer."""

from twilio.http.response import Response

MOST_CALLS = 200


class CannedTwilio:
    """An http client of the twilio library; it fails when it is asked for ever."""

    def __init__(self, status, text):
        self.answer, self.calls = Response(status, text, {}), 0

    def request(self, *_, **__):
        self.calls += 1
        assert self.calls <= MOST_CALLS, "it is asked for ever"
        return self.answer
