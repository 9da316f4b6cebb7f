"""Orders in which to label pictures. Each lives in one file of ``builtin``."""
