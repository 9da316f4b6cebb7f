"""One file a segmenter. Heavy libraries are imported inside functions."""
