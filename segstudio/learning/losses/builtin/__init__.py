"""One file per loss. torch is imported inside functions."""
