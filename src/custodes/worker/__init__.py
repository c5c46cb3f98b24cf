"""Downstream starts without being called: what is in the record is read, and acted on.

``reactions`` is the whole pipeline on one screen. ``reader`` takes new custody
entries in order and writes down what each asks for; ``lines`` lets one thing
after the other be done for a recording; ``engine`` has it done, by DBOS, so that
it is done even when the process dies half way. It leaves to the stages what is
done, and to nobody else whether.
"""
