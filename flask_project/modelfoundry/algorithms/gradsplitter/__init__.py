"""GradSplitter: split one network into a module for each of its classes, all searched at once."""
