"""Steps of cleaning up a mask."""
