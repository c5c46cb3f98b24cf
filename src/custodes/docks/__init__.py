"""Where cameras come home: the protocols docks and controllers speak.

A door: it proves who speaks, reads what they say, asks the stages, and answers.
What is evidence and what may come in is decided in intake and recordings.
"""
