"""The receipt of a share that was acknowledged, signed by the log's keys, for both sides.

Made anew from the record whenever somebody asks; the same one as long as the log has the
same keys.
"""

from __future__ import annotations

from custodes.custody import strongroom
from custodes.custody.queries import leaves_of
from custodes.disclosure.models import Share
from custodes.kernel.errors import NotFound
from custodes.ledger.share_receipt import SharedFile, ShareReceipt


def receipt_of(share: Share) -> str:
    """Return the signed receipt; raises NotFound while nobody has acknowledged it.

    Whoever calls has made sure that this is theirs to see.
    """
    if share.acknowledged_at is None or share.acknowledged_entry is None:
        raise NotFound("Nobody has acknowledged this yet.")
    signers = strongroom.receipt_signers()
    [leaf] = leaves_of([share.acknowledged_entry])
    receipt = ShareReceipt(
        origin=signers[0].name,
        share=share.handle,
        entry=share.acknowledged_entry,
        leaf=leaf,
        at=share.acknowledged_at,
        files=tuple(SharedFile(each.number, each.sha256, each.size) for each in share.items.all()),
    )
    return receipt.signed(*signers)
