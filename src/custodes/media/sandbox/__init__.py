"""The one place that opens untrusted media.

A video decoder is a large program written in C, fed by whoever held the camera.
So no process of ours that knows a key, a database or a network ever decodes:
:func:`run` starts a child, gives it nothing but the bytes it asks for, and takes
back JSON and output blobs. The child locks itself in before it sees the first
byte (see ``cage``). Whatever it does, the caller gets a result or
:class:`SandboxFailed`.

``python -I -m custodes.media.sandbox.child`` is the child; ``tasks`` is the list
of what it may be asked to do.
"""

from custodes.media.sandbox.layers import Layer, layers
from custodes.media.sandbox.ports import (
    BytesReader,
    FileReader,
    FileSink,
    JoinedReader,
    Limits,
    ReadAt,
    Sink,
)
from custodes.media.sandbox.runner import SandboxFailed, run
from custodes.media.sandbox.starting import keep_ready

__all__ = [
    "BytesReader",
    "FileReader",
    "FileSink",
    "JoinedReader",
    "Layer",
    "Limits",
    "ReadAt",
    "SandboxFailed",
    "Sink",
    "keep_ready",
    "layers",
    "run",
]
