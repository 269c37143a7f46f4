"""What a webhook request can do wrong."""


class BadRequest(Exception):
    """The body is not what this channel sends: answered 400."""


class BadSignature(Exception):
    """The request is not signed by the provider: answered 403 and nothing else."""
