"""Claim ``whole``: every file of the package is there and is the one its lists name."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor

from custodes.package.errors import PackageMalformed
from custodes.package.opening import Opened, Stored
from custodes.package.paths import read_manifest
from custodes.verifier.claims import Claim, Making

PAYLOAD_LIST = "manifest-sha256.txt"
TAG_LIST = "tagmanifest-sha256.txt"
_MOST_TAG = 16 << 20
_MAKING = Making("whole")


def check_whole(opened: Opened) -> tuple[Claim, dict[str, str]]:
    """Return the claim, and the SHA-256 of every file that was read.

    Raises PackageMalformed when the package has no lists that can be read.
    """
    declared = opened.read("bagit.txt", 1000)
    if declared.split(b"\n")[0].strip() != b"BagIt-Version: 1.0":
        raise PackageMalformed("This is not a package: bagit.txt does not say version 1.0.")
    payload = read_manifest(opened.read(PAYLOAD_LIST, _MOST_TAG))
    tags = read_manifest(opened.read(TAG_LIST, _MOST_TAG))
    digests = _digests(opened)
    listed = payload | tags
    if missing := sorted(set(listed) - set(opened.files)):
        said = f"{len(missing)} of the listed files are missing, the first: {missing[0]}."
        return _MAKING.contradicted("whole.missing", said), digests
    if stray := _stray(opened, payload, tags):
        said = f"The file {stray} is in no list of the package, or in the wrong one."
        return _MAKING.contradicted("whole.unlisted", said), digests
    wrong = sorted(path for path, digest in listed.items() if digests[path] != digest)
    if wrong:
        said = f"{len(wrong)} files are not the ones that were listed, the first: {wrong[0]}."
        return _MAKING.contradicted("whole.differs", said), digests
    said = f"All {len(opened.files)} files are there and are the ones the package lists."
    return _MAKING.proven("whole.complete", said), digests


def malformed(refused: PackageMalformed) -> Claim:
    """Return the claim of a package that cannot be read at all."""
    return _MAKING.not_proven("whole.malformed", refused.in_full())


def _stray(opened: Opened, payload: dict[str, str], tags: dict[str, str]) -> str | None:
    for path in sorted(opened.files):
        listed = payload if path.startswith("data/") else tags
        if path not in listed and path != TAG_LIST:
            return path
    misplaced = [path for path in payload if not path.startswith("data/")]
    return next(iter(misplaced), None)


def _digests(opened: Opened) -> dict[str, str]:
    # Two at a time: hashing runs without Python's lock.
    with ThreadPoolExecutor(2) as pool:
        found = pool.map(_digest, opened.files.values())
        return dict(zip(opened.files, found, strict=True))


def _digest(stored: Stored) -> str:
    digest = hashlib.sha256()
    for block in stored.blocks():
        digest.update(block)
    return digest.hexdigest()
