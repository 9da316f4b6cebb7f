"""Each file here is a program that keeps runs."""
