"""The methods, one folder each: settings without torch, and the run."""
