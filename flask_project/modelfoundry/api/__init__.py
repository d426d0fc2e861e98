"""The web API; the only part that knows Flask."""
