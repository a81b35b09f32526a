"""What the counter's work comes to, in figures."""
