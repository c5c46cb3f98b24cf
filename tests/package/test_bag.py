"""A package is a bag that other programs accept, and nothing but a package is opened."""

from __future__ import annotations

import struct
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import bagit
import pytest
from tests.verifier.story import honest_clip, honest_proof, story

from custodes.kernel.digest import sha256
from custodes.ledger.policy import Policy
from custodes.ledger.tree import leaf_hash
from custodes.package.bag import Bag, zip_bag
from custodes.package.errors import CannotPackage, PackageMalformed
from custodes.package.opening import open_package
from custodes.package.paths import is_path, read_manifest
from custodes.package.statement import Statement


@pytest.fixture
def package(tmp_path: Path) -> Path:
    return story(honest_clip(), honest_proof()).write(tmp_path / "package")


@pytest.fixture
def zipped(package: Path) -> Path:
    zip_bag(package, package.with_suffix(".zip"))
    return package.with_suffix(".zip")


def test_bagit_and_sha256sum_accept_a_package(package: Path) -> None:
    assert bagit.Bag(str(package)).validate()
    for name in ("manifest-sha256.txt", "tagmanifest-sha256.txt"):
        done = subprocess.run(
            ["sha256sum", "-c", name], cwd=package, capture_output=True, check=False
        )
        assert done.returncode == 0, done.stdout


def test_a_package_as_one_file_holds_the_same_files(package: Path, zipped: Path) -> None:
    folder, file = open_package(package), open_package(zipped)

    assert sorted(folder.files) == sorted(file.files)
    for path, stored in folder.files.items():
        content = stored.read_at(0, stored.size)
        assert file.files[path].read_at(0, stored.size) == content
        assert b"".join(map(bytes, file.files[path].blocks())) == content


def test_a_proof_for_other_programs_is_a_tlog_proof(package: Path) -> None:
    text = (package / "proofs" / "3.tlog-proof").read_text()
    statement = Statement.parse((package / "proof.json").read_bytes())
    [entry] = [each for each in statement.entries if each.index == 3]

    assert text.startswith("c2sp.org/tlog-proof@v1\nindex 3\n")
    assert text.endswith((package / "checkpoints" / "9.note").read_text())
    assert leaf_hash(entry.data) == sha256(b"\0" + entry.data)


def test_what_is_written_is_read_as_it_was(package: Path) -> None:
    data = (package / "proof.json").read_bytes()

    assert Statement.parse(data).to_bytes() == data


def test_a_bag_is_not_written_over_another(package: Path) -> None:
    with pytest.raises(CannotPackage):
        Bag(package)


@pytest.mark.parametrize(
    "path", ["../out", "/etc/passwd", "data/../x", "data//x", "a\\b", "a:b", ""]
)
def test_a_path_that_leads_elsewhere_has_no_place_in_a_package(tmp_path: Path, path: str) -> None:
    bag = Bag(tmp_path / "bag")

    assert not is_path(path)
    with pytest.raises(CannotPackage):
        bag.add(path, b"")


@pytest.mark.parametrize(
    "lines",
    [
        b"abc  data/x\n",
        b"0" * 64 + b" data/x\n",
        b"0" * 64 + b"  data/x",
        b"0" * 64 + b"  ../x\n",
        (b"0" * 64 + b"  data/x\n") * 2,
        b"0" * 64 + "  data/é\n".encode(),
        b"A" * 64 + b"  data/x\n",
    ],
)
def test_a_list_with_a_wrong_line_is_refused_whole(lines: bytes) -> None:
    with pytest.raises(PackageMalformed):
        read_manifest(lines)


def test_links_are_not_followed(package: Path) -> None:
    (package / "data" / "link.mp4").symlink_to("/etc/hostname")

    with pytest.raises(PackageMalformed, match="a link"):
        open_package(package)


def prefixed_name(data: bytes) -> bytes:
    """Have the head before a file call it by another name than the list."""
    at = data.index(b"package/data/clip.mp4")
    return data[:at] + b"package/data/clop.mp4" + data[at + 21 :]


def cut_off(data: bytes) -> bytes:
    return data[: len(data) // 2]


def overlapping(data: bytes) -> bytes:
    """Have two entries of the list name the same bytes."""
    first = data.index(b"PK\1\2")
    second = data.index(b"PK\1\2", first + 4)
    at = struct.unpack_from("<I", data, first + 42)[0]
    changed = bytearray(data)
    struct.pack_into("<I", changed, second + 42, at)
    return bytes(changed)


@pytest.mark.parametrize(
    "change", [prefixed_name, cut_off, overlapping, lambda data: b"PK" + data[4:]]
)
def test_a_zip_file_that_two_readers_read_differently_is_refused(
    zipped: Path, change: Callable[[bytes], bytes]
) -> None:
    data = zipped.read_bytes()
    zipped.write_bytes(change(data))

    with pytest.raises(PackageMalformed):
        open_package(zipped)


def test_a_zip_file_with_a_name_twice_is_refused(zipped: Path) -> None:
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(zipped, "a") as more:
        more.writestr("package/README.txt", b"another")

    with pytest.raises(PackageMalformed, match="twice"):
        open_package(zipped)


def test_the_readme_says_what_is_not_shown_and_brings_no_verifier(package: Path) -> None:
    text = (package / "README.txt").read_text()

    assert "What it does not show" in text
    assert "Do not use a program that came with this folder" in text
    assert not list(package.rglob("*.html"))
    assert not list(package.rglob("*policy*"))
    assert isinstance(Policy.parse("quorum none\n"), Policy)
