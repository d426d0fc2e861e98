"""Fine-tuning to a new data set with as few inherited defects as possible."""
