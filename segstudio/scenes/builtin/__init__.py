"""The sample scenes; each file is one."""
