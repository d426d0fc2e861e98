"""Write modules as files that run without this package."""
