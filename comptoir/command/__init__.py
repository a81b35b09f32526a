"""The `comptoir` command: starts, keeps and stops what Comptoir is made of."""
