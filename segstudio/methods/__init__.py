"""Ways to segment a picture without training a network. Each lives in one file of ``builtin``.

A segmenter looks at samples once (`fit`) and then labels any piece of any picture (`apply`).
"""
