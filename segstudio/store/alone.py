"""Keeping a file to one program for as long as that changes it."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from segstudio.errors import UserError
from segstudio.store.files import not_written


@contextmanager
def alone(file: Path, refused: UserError) -> Iterator[None]:
    """Hold a lock beside a file meanwhile; raise ``refused`` where another program holds it.

    The folder is made where it lacks. A lock left behind by a program that died does not count.
    """
    lock = FileLock(f"{file}.lock")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=0)
    except Timeout:
        raise refused from None
    except OSError as error:
        raise not_written(file, error) from error
    try:
        yield
    finally:
        lock.release()
        with suppress(OSError):
            Path(lock.lock_file).unlink()
