"""The door for programs: JSON below /api/, for whoever shows a token of somebody's.

It asks the queries and actions that pages ask, for the person whose token it is, so a program
sees and does what they would. No cookie opens it: a browser that is signed in is a stranger here.
"""
