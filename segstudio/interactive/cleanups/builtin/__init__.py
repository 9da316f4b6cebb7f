"""One file a step. Heavy libraries are imported inside functions."""
