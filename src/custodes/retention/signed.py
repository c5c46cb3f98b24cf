"""A version of the schedule to take away, with what lets an outsider check it (RET-05)."""

from __future__ import annotations

import io
import zipfile

from custodes.custody.models import Entry
from custodes.custody.standing import proof_of
from custodes.people.rules import Viewer
from custodes.retention.queries import schedule_version_for

_README = """\
Retention schedule, version {version}, as this installation's engine uses it.

schedule.json     the schedule as the engine reads it
schedule.csv      its lines as a table
schedule.html     the same as a page
entry.json        the public bytes of the entry of the custody log that published it
entry.tlog-proof  the proof that the entry stands in the log (C2SP tlog-proof)

To check, with programs that are not ours:

1. The SHA-256 of each schedule file, as base64url, stands in entry.json under "x":
   "doc" for the JSON, "csv" and "html" for the others. For one of them:
       openssl dgst -sha256 -binary schedule.csv | basenc --base64url
   (the log writes it without the = at the end)
2. entry.tlog-proof shows that exactly these bytes of entry.json are a leaf of the log,
   under a checkpoint that the force signed. Check it with any C2SP tlog-proof program
   and the trust policy that you hold.
3. A deletion of a recording names under "pol" the subject of this entry: it was decided
   under this version.
"""


def signed_export(viewer: Viewer, number: int) -> bytes:
    """Return one version as a ZIP file; raises NotFound before a checkpoint covers its entry."""
    version, _ = schedule_version_for(viewer, number)
    entry = Entry.objects.get(subject=version.handle, kind="policy.publish")
    files: dict[str, str | bytes] = {
        "README.txt": _README.format(version=version.version),
        "schedule.json": version.document,
        "schedule.csv": version.table,
        "schedule.html": version.page,
        "entry.json": bytes(entry.data),
        "entry.tlog-proof": str(proof_of(entry.index)),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(f"schedule-version-{version.version}/{name}", content)
    return out.getvalue()
