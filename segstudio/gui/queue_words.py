"""What is said of an item of the queue."""


def lines_of(reason: str, name: str | None) -> tuple[str, str]:
    """Return what is said of the class of an item, and why it was chosen, each once."""
    if name is None:
        return "", reason
    about, _, why = reason.partition("; ")
    return (about, why) if name in about else (name, reason)
