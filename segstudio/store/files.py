"""Writing files so that nothing is ever half-written, and telling files apart by content."""

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import blake2b
from pathlib import Path

from segstudio.errors import UserError

_CHUNK = 1 << 20
_WHOLE = 64 << 20
_SAMPLES = 64


@contextmanager
def atomic(path: Path, sync: bool = False) -> Iterator[Path]:
    """Give a path beside the target to write to; it takes the target's place on success.

    Whatever goes wrong, the temporary file is removed and the target stays as it was.
    ``sync`` waits until the content has reached the disk before it is renamed. Folders
    that lack are made. `OSError` becomes a `UserError` that says what was kept.
    """
    temporary = path.with_name(f".{path.name[:80]}.{secrets.token_hex(4)}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield temporary
        if sync:
            _flush(temporary)
        os.replace(temporary, path)
    except OSError as error:
        raise not_written(path, error) from error
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def write_atomically(path: Path, data: bytes, sync: bool = False) -> None:
    """Write the bytes to a file, all of them or none."""
    with atomic(path, sync) as temporary:
        temporary.write_bytes(data)


def not_written(path: Path, error: OSError) -> UserError:
    """Return what to tell a person when a file could not be written."""
    kept = "the file that was there is unchanged" if path.exists() else "nothing was written"
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return UserError(
            f"the disk is full: {path.name} was not saved, {kept}",
            "make room on the disk, or save to another folder",
        )
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return UserError(
            f"{path.parent} may not be written to: {path.name} was not saved, {kept}",
            "allow writing there, or save to another folder",
        )
    reason = error.strerror or str(error) or type(error).__name__
    return UserError(
        f"{path.name} was not saved ({reason.lower()}), {kept}", "try another folder or name"
    )


def not_read(path: Path, error: OSError) -> UserError:
    """Return what to tell a person when a file could not be read, without its name."""
    if isinstance(error, FileNotFoundError):
        return UserError("the file is not there", "check the path, or find the file again")
    if isinstance(error, IsADirectoryError) or path.is_dir():
        return UserError("it is a folder, not a file")
    if isinstance(error, PermissionError):
        return UserError("the file may not be read", "change its permissions")
    reason = error.strerror or str(error) or type(error).__name__
    return UserError(f"the file cannot be read ({reason.lower()})")


def content_hash(path: Path) -> str:
    """Return 32 hexadecimal digits that change when the file's content does.

    Files up to 64 MB are read whole; of larger ones the size and 64 pieces of 1 MB spread
    evenly from the first byte to the last. Raises `UserError` where it cannot be read.
    """
    digest = blake2b(digest_size=16)
    try:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            digest.update(size.to_bytes(8, "little"))
            if size <= _WHOLE:
                while piece := file.read(_CHUNK):
                    digest.update(piece)
            else:
                for sample in range(_SAMPLES):
                    file.seek((size - _CHUNK) * sample // (_SAMPLES - 1))
                    digest.update(file.read(_CHUNK))
    except OSError as error:
        raise not_read(path, error) from error
    return digest.hexdigest()


def _flush(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())
