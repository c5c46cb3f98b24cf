"""A timestamp authority of the test's own: ``openssl ts`` behind a server on loopback."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.world.served import served

# Without certs=: its order of certificates is one that strict readers refuse.
_CONFIG = """
[req]
distinguished_name = dn
[dn]
[root]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign
[tsa]
extendedKeyUsage = critical, timeStamping
[tsa_config]
default_policy = 1.3.6.1.4.1.99999.1
digests = sha256, sha512
signer_digest = sha256
serial = {folder}/serial
signer_cert = {folder}/tsa.pem
signer_key = {folder}/tsa.key
ess_cert_id_chain = no
"""


def openssl(*arguments: str | Path, check: bool = True) -> subprocess.CompletedProcess[bytes]:
    """Run openssl with these arguments."""
    command = ["openssl", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, check=check)


@dataclass
class Authority:
    """An authority in a folder. ``answer`` may be replaced, to have it misbehave."""

    folder: Path
    url: str = ""
    asked: list[bytes] = field(default_factory=list)
    answer: bytes | None = None
    _one: Any = field(default_factory=threading.Lock)

    @property
    def root(self) -> Path:
        """Return the certificate its tokens lead to."""
        return self.folder / "root.pem"

    def make(self) -> None:
        """Make root, key and certificate."""
        config = self.folder / "openssl.cnf"
        config.write_text(_CONFIG.format(folder=self.folder))
        (self.folder / "serial").write_text("01\n")
        curve = ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"]
        for name in ("root", "tsa"):
            openssl("genpkey", *curve, "-out", self.folder / f"{name}.key")
        at, use = self.folder, ["-config", config, "-days", "2"]
        openssl("req", "-x509", "-new", "-key", at / "root.key", "-subj", "/CN=Test root", *use,
                "-extensions", "root", "-out", self.root)  # fmt: skip
        openssl("req", "-new", "-key", at / "tsa.key", "-subj", "/CN=Test authority",
                "-config", config, "-out", at / "tsa.csr")  # fmt: skip
        openssl("x509", "-req", "-in", at / "tsa.csr", "-CA", self.root, "-CAkey", at / "root.key",
                "-CAcreateserial", "-days", "2", "-extfile", config, "-extensions", "tsa",
                "-out", at / "tsa.pem")  # fmt: skip

    def __call__(self, environ: Any, start: Any) -> list[bytes]:
        """Answer one query."""
        query = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        with self._one:
            self.asked.append(query)
            body = self.reply(query) if self.answer is None else self.answer
        start("200 OK", [("Content-Type", "application/timestamp-reply")])
        return [body]

    def reply(self, query: bytes) -> bytes:
        """Return the answer to a query."""
        (self.folder / "query.tsq").write_bytes(query)
        at, use = self.folder, ["-config", self.folder / "openssl.cnf", "-section", "tsa_config"]
        openssl("ts", "-reply", *use, "-queryfile", at / "query.tsq", "-out", at / "reply.tsr")
        return (self.folder / "reply.tsr").read_bytes()


@contextmanager
def authority(folder: Path) -> Iterator[Authority]:
    """Serve a new authority."""
    folder.mkdir(parents=True)
    made = Authority(folder)
    made.make()
    with served(made) as url:
        made.url = url
        yield made
