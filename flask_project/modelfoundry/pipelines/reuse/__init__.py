"""From modules that exist to a network made of them; a pipeline per method."""
