"""Serve as a witness for other logs: cosign what only grew, keep the evidence of what did not.

A plain server with its own home folder and its own keys, without Django and without
the rest of Custodes, so that anybody can run one. C2SP tlog-witness v1.0.
"""
