"""Pages about channels: what is connected, what waits for a person, and pictures from elsewhere."""
