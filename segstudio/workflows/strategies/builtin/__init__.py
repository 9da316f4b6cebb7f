"""One file a strategy. Heavy libraries are imported inside functions."""
