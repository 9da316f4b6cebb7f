"""What training minimises. Each loss has one file in ``builtin``."""
