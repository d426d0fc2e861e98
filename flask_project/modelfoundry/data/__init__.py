"""Images and labels as arrays; no torch here, so the web process may import it."""
