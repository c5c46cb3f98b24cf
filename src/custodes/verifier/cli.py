"""``custodes-verify``: check a package, offline, and leave with what was found.

Plain argparse: the light install brings no other package for the command line.
"""

from __future__ import annotations

import argparse
import json
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path

from custodes.kernel.errors import Refused
from custodes.verifier.trust import load_trust
from custodes.verifier.verify import verify

_NOT_CHECKED = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Check a package; return 0 if all is proven, 1 if contradicted, 2 if not proven or checked."""
    parser = argparse.ArgumentParser(prog="custodes-verify", description=__doc__)
    parser.add_argument("path", type=Path, help="the package: a folder or a ZIP file")
    parser.add_argument("--policy", type=Path, help="whom to believe: a tlog-policy file")
    parser.add_argument("--timestamp-roots", type=Path, help="root certificates (PEM)")
    parser.add_argument("--json", action="store_true", help="print the result as JSON")
    asked = parser.parse_args(arguments)
    try:
        result = verify(asked.path, load_trust(asked.policy, asked.timestamp_roots))
    except Refused as refused:
        sys.stderr.write(refused.in_full() + "\n")
        return _NOT_CHECKED
    except Exception:  # noqa: BLE001 - a crash leaves with 1 otherwise: checked, and false
        sys.stderr.write(traceback.format_exc() + "Nothing was checked.\n")
        return _NOT_CHECKED
    text = json.dumps(result.to_value(), ensure_ascii=False) if asked.json else result.to_text()
    sys.stdout.write(text + "\n")
    return result.verdict.status


if __name__ == "__main__":
    sys.exit(main())
