"""Algorithms on pixels in memory that tools and segmenters share. Pure functions on arrays."""
