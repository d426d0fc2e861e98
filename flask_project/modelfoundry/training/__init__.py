"""The one training loop of the project and what it feeds on."""
