"""Django's `migrate`, which on an empty database begins from the tables as they were written down."""

from __future__ import annotations

from typing import Any

from django.core.management.commands import migrate
from django.db import DEFAULT_DB_ALIAS

from comptoir.upkeep import blueprint


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        """Only where everything is asked for: whoever names an app or a migration means the steps."""
        plainly = not (
            options["app_label"] or options["plan"] or options["check_unapplied"] or options["fake"]
        )
        if plainly and options["database"] == DEFAULT_DB_ALIAS:
            blueprint.lay_out()
        super().handle(*args, **options)
