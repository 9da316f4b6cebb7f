"""Measurements of the real window. Each lives in one file of ``builtin`` and runs in a process
of its own; see ``__main__``."""
