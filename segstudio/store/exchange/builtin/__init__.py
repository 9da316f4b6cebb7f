"""One file a format. Heavy libraries are imported inside functions."""
