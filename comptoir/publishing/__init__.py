"""What a brand says of itself: posts in many wordings, on many channels, each once, at its minute."""
