"""What tools compute: shapes, areas, parts and clean-ups, as functions on arrays of any size.

Points are x and y in image pixels, the centre of the first pixel is (0.5, 0.5). Answers are
patches: a box of the image, and which of its pixels are meant.
"""
