import errno
from pathlib import Path

import pytest

from segstudio.errors import UserError
from segstudio.store import files
from segstudio.store.files import atomic, content_hash, not_read, write_atomically


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    target = tmp_path / "deep" / "down" / "a.txt"
    write_atomically(target, b"one")
    write_atomically(target, b"two", sync=True)
    assert target.read_bytes() == b"two"
    assert list(target.parent.iterdir()) == [target]


def test_failure_keeps_the_old_file_and_leaves_nothing(tmp_path: Path) -> None:
    target = tmp_path / "a.txt"
    target.write_bytes(b"old")

    def fail() -> None:
        with atomic(target) as temporary:
            temporary.write_bytes(b"ne")
            raise RuntimeError("half way")

    with pytest.raises(RuntimeError):
        fail()
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize(
    ("number", "word"),
    [(errno.ENOSPC, "disk is full"), (errno.EROFS, "may not be written"), (errno.EIO, "not saved")],
)
@pytest.mark.parametrize("existing", [False, True])
def test_trouble_of_the_disk_is_told(
    tmp_path: Path, number: int, word: str, existing: bool
) -> None:
    target = tmp_path / "a.txt"
    if existing:
        target.write_bytes(b"old")

    def fail() -> None:
        with atomic(target) as temporary:
            temporary.write_bytes(b"ne")
            raise OSError(number, "trouble")

    with pytest.raises(UserError) as caught:
        fail()
    assert word in caught.value.message
    assert caught.value.hint
    assert ("unchanged" if existing else "nothing was written") in caught.value.message
    assert list(tmp_path.iterdir()) == ([target] if existing else [])


def test_a_file_where_a_folder_should_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(UserError, match="not saved"):
        write_atomically(tmp_path / "file" / "a.txt", b"x")


def test_the_hash_follows_the_content(tmp_path: Path) -> None:
    a, b = tmp_path / "a", tmp_path / "b"
    a.write_bytes(b"same" * 1000)
    b.write_bytes(b"same" * 1000)
    assert content_hash(a) == content_hash(b)
    b.write_bytes(b"same" * 999 + b"samf")
    assert content_hash(a) != content_hash(b)
    assert len(content_hash(a)) == 32


def test_large_files_are_sampled_from_end_to_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "_WHOLE", 1000)
    monkeypatch.setattr(files, "_CHUNK", 16)
    large = bytearray(100_000)
    path = tmp_path / "large"

    def hashed() -> str:
        path.write_bytes(large)
        return content_hash(path)

    seen = {hashed()}
    for place in (0, -1, -10):
        large[place] ^= 1
        seen.add(hashed())
    large += b"\0"
    seen.add(hashed())
    assert len(seen) == 5


def test_what_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="not there"):
        content_hash(tmp_path / "missing")
    with pytest.raises(UserError, match="folder"):
        content_hash(tmp_path)
    assert "may not" in not_read(tmp_path / "x", PermissionError()).message
