"""Formats of other programs, in and out. Each lives in one file of ``builtin``."""
