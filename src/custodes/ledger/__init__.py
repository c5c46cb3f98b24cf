"""The transparency log as a plain library: tree, entries, notes.

No Django and no network, so that the verifier a court runs drags no server
along. Whoever holds an entry and its neighbours can check it with this room alone.
"""
