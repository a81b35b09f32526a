"""The counter's pages: threads, one thread, and what people do with it."""
