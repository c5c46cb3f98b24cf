"""The ends of all subjects' chains in one table, for the census.

An act finds the end of its subject's chain in the entries themselves (:mod:`appending`),
so that no act has to write it a second time. The census wants every end, in order, and
would have to read all entries of all years for it. So the ends are kept as of some
size of the log, and brought up to its present size before they are counted.
"""

from __future__ import annotations

from django.db import connection, transaction

from custodes.custody.appending import lock_end
from custodes.custody.models import Head

# So many entries are gone through while the log is locked: tens of milliseconds.
_AT_ONCE = 4096

# Of each subject the last entry within the part. Numbers rise with the index.
_KEEP = """
    INSERT INTO custody_chain (subject, next_number, leaf)
    SELECT e.subject, e.number + 1, e.leaf FROM custody_entry e JOIN (
        SELECT subject, MAX(number) AS number FROM custody_entry
        WHERE "index" >= %s AND "index" < %s GROUP BY subject
    ) last ON last.subject = e.subject AND last.number = e.number
    WHERE true
    ON CONFLICT (subject) DO UPDATE
    SET next_number = excluded.next_number, leaf = excluded.leaf
"""


def bring_up() -> None:
    """Bring the table of ends up to the log as it is; others go on appending in between."""
    while _bring_up_some():
        pass


@transaction.atomic
def _bring_up_some() -> bool:
    head = lock_end()
    upto = min(head.chained + _AT_ONCE, head.size)
    if upto == head.chained:
        return False
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, [head.chained, upto])
    Head.objects.filter(pk=head.pk).update(chained=upto)
    return upto < head.size
