"""Watch a log from outside: replay its public export and name everything that is wrong.

Nothing here asks the installation, holds a key of it or believes a count of its own.
``exported`` reads the files, ``strict`` an entry, ``replay`` puts all entries
together again, and each of ``chains``, ``counts``, ``devices``, ``deletions`` and
``quiet`` knows one kind of promise. ``findings`` is what they say.

What a log cannot show it cannot be asked: nobody learns here whether a camera was
switched on, or whether a file that was sealed can still be read.
"""
