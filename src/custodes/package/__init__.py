"""The package that proves itself: what it says, written and read.

Inside: the proof as a value (statement), the rules of its paths and lists (paths), a
bag being written (bag) and one being opened, as a folder or a ZIP file (opening), the
plain words that go with it and the whole of it (assembling). The format
is docs/reference/formats/package.md.

What is read here is checked for its shape only; whether it is true is for the room
``verifier``. No Django: a court's verifier brings this room and no server.
"""
