"""Clips: a stretch of an original in a file of its own, made of the original's own packets.

Inside: what there is to cut (original), which packets are copied and which pictures must
be made anew (plan), making those (edges, sets), and writing the file (film). The original
is only read. Two ways: ``exact`` begins and ends at the very pictures asked for and encodes
only those that the cut tore from their group; ``whole`` begins at a whole picture at or
before the one asked for and encodes nothing.
"""
