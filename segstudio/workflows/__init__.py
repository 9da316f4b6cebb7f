"""What both the window and the command line do with a project: they join the floors below.

A workflow takes a project, values and a `Task`, and prints nothing. One that changes pixels or
pictures is called ``plan_…`` and returns an edit for the caller to apply, so that the window can
apply it through its session.
"""
