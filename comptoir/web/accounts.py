"""Who may sign up and how people sign in: allauth, told our rules."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Nobody signs up by themselves: owners invite."""

    def is_open_for_signup(self, request: Any) -> bool:
        return False
