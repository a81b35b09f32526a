"""Who acts in a request: its person, and the address of the client that asks."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from comptoir.kernel.acting import Via, acts
from comptoir.kernel.drawings import age_out
from comptoir.web.accounts import client_address


class ActingMiddleware:
    """Says so for as long as the request lasts. The person is only looked up when something is written down."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        via: Via = "api" if request.path.startswith("/api/") else "page"
        age_out()
        with acts(via, lambda: getattr(request, "user", None), address=client_address(request)):
            return self.get_response(request)
