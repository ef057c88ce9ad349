"""Documents in: read, clean, structure."""
