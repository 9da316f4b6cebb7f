"""One file a benchmark. Heavy libraries are imported inside functions."""
