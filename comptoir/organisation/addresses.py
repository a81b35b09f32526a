"""How numbers are written in addresses: what a database column can hold, so that no address breaks a query."""

from django.urls import register_converter


class Number:
    """A row's number: 1 to 18 digits, no leading zero."""

    regex = "[1-9][0-9]{0,17}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


register_converter(Number, "number")
