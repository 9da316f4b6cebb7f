"""Measurements of the real window. Each runs in a process of its own; see ``__main__``."""
