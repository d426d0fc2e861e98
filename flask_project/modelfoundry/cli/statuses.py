"""Exit statuses, besides 0."""

FAILED = 1
BAD_INPUT = 2
STOPPED = 130  # by Ctrl-C, as shells have it
