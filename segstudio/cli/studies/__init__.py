"""Studies: one file each, with HELP and ``study(project, arguments, task) -> Answer``.

``OPTIONS`` names the options of the command that only some studies take.
"""
