"""Neural networks in plain numpy: the lines that chapters write out, kept here for the chapters that build on them."""
