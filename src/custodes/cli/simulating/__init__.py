"""Live through a simulated year: what ``custodes simulate`` does, through the actions alone.

Inside: the home it happens in (place), the people who act (staff), films made and
received in processes of their own (lane, receiving), one end of a shift (shift), the
whole year (living), and what is told of it (telling, totals). Every act goes through the
action that people, docks and the worker use, with the simulated time handed to it.
"""
