"""What a street picture is made of: a wall, what hangs on it, what stands before it."""
