"""The standing inventory: what should be held, what is, what is gone, and why.

``looking`` reads store, tables and record side by side; ``figures`` is what it comes to;
``telling`` says it in sentences; ``shown`` is for pages. It only reports: nothing that is
missing or too much is ever repaired or removed here.
"""
