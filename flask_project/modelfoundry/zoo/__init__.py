"""Architectures and trained weights; plain networks that have never heard of masks."""
