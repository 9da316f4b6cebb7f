"""Pieces the panels are built of. They take plain data and answer with signals."""
