"""Studies: one file each, with HELP and ``study(project, split, seed, task) -> Answer``."""
