"""The picture with its masks on it, drawn tile by tile, under the mouse."""
