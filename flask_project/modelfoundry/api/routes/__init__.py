"""One file per noun: handlers with their request and response schemas."""
