"""What there is: architectures, models, data sets, algorithms; plain facts, no torch."""
