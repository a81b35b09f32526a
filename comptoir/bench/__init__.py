"""`comptoir bench NAME --json`: each module makes its own data in a database of its own and returns its figures."""
