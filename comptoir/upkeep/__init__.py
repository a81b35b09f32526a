"""What keeps a house running: backups and their way back, health, figures, the care of keys and space."""
