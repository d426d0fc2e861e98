"""Building blocks: tensors in, tensors out; needs torch alone."""
