"""Architectures, in plain torch. Each has one file in ``builtin``."""
