"""The study of selection: a simulated person labels what each strategy asks for."""
