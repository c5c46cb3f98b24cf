"""The vault: footage sealed at rest, readable only with its key, never overwritten.

Inside: FLOE encryption (floe), keys and their epochs (keys), where sealed bytes
lie (store), writing and reading a sealed object (sealed, reading), the three
together (vault), and reading everything again to see that it is still what was
sealed (scrub).

It promises that an object, once finished, is durable and never changed; that a
killed upload goes on from its last whole authentic segment; and that any changed
or missing byte is noticed on reading. It leaves to others what the objects mean,
who may read them and when their keys are destroyed. No Django, no network.
"""
