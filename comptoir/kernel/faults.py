"""What may go wrong on the way to the outside. A fault carries a code and facts, no query, no header."""


class OutsideError(Exception):
    """Base of all. `code` is for a machine, `host` is where we were going, `sent` is below.

    `sent` is False only when the server surely saw nothing of the request, so that asking again cannot do a
    thing twice. Whoever changes something remotely must read it on every fault, not on `Unreachable` alone.
    """

    default_sent = True

    def __init__(self, code: str, host: str = "", sent: bool | None = None) -> None:
        super().__init__(code, host)
        self.code = code
        self.host = host
        self.sent = self.default_sent if sent is None else sent

    def __str__(self) -> str:
        where = f" at {self.host}" if self.host else ""
        return f"{self.code}{where} ({'may have been sent' if self.sent else 'not sent'})"


class Unreachable(OutsideError):
    """No answer, or only a part of one.

    Codes: dns, refused, no_route, connect_timeout, tls, busy (our own pool is full): never sent;
    timeout (the server fell silent), slow (the whole exchange took too long), reset, cut: perhaps sent.
    """


class Forbidden(OutsideError):
    """We will not go there. Codes: inside, scheme, address, userinfo, header, body_elsewhere."""

    default_sent = False

    @property
    def reason(self) -> str:
        """The code, under the name that reads best where it is caught."""
        return self.code


class TooLarge(OutsideError):
    """The answer is longer than the caller allowed, as it came or once decompressed. Code: too_large."""


class BadAnswer(OutsideError):
    """An answer that makes no sense. Codes: protocol, encoding, json, too_many_redirects, bad_redirect."""
