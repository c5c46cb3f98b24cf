"""Proving that what arrived is what the camera gave.

Bytes are hashed and sealed while they arrive, checked against what was promised,
and either handed on as proved or put in quarantine with the reason. Nothing
that was promised to a dock is ever dropped.
"""
