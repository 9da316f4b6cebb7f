"""One file a change. Heavy libraries are imported inside functions."""
