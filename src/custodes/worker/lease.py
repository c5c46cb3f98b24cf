"""One worker at a time does what is enough to be done once.

Nothing that is done under a lease does harm when it is done twice, so clocks that
disagree cost work and no more.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q

from custodes.worker.models import Lease

HELD_FOR = timedelta(seconds=30)


def hold(name: str, holder: str, at: datetime) -> bool:
    """Take or renew a lease; say whether this holder has it now."""
    until = at + HELD_FOR
    mine = Lease.objects.filter(Q(holder=holder) | Q(until__lt=at), name=name)
    if mine.update(holder=holder, until=until):
        return True
    try:
        with transaction.atomic():
            Lease.objects.create(name=name, holder=holder, until=until)
    except IntegrityError:
        return False
    return True
