"""Measurements of the program's speed. Each lives in one file of ``builtin``."""
