"""Random changes to crops, and what several of them need."""
