"""Combine binary modules into networks, and mend a network with one; scores decide."""
