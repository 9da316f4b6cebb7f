"""What a pixel and its surroundings look like, in numbers: a bank of filters.

The bank is a graph of planes (`plane`) that is worked out in two ways with the same result, bit
for bit: by NumPy and OpenCV (`working`), and as an ONNX graph (`graph`).
"""
