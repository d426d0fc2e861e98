"""Long pieces of work from request to result: load, run, measure, write."""
