"""The commands by name: each module of this folder is one.

A module has ``HELP`` (one line), ``configure(parser)`` and ``execute(arguments, console)``,
which returns an `Answer`. Its imports from other floors stand inside ``execute``.
"""
