"""A real SMTP server on loopback, for as long as a block lasts, and what it was sent."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller


@dataclass
class MailServer:
    """What came, and with which answer the next one is refused."""

    port: int
    came: list[Message] = field(default_factory=list)
    refuses: str = ""

    async def handle_RCPT(  # noqa: N802 - aiosmtpd calls it by this name
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: list[str]
    ) -> str:
        """Take a recipient, or refuse them."""
        if self.refuses:
            return self.refuses
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        """Take a message."""
        self.came.append(message_from_bytes(envelope.content, policy=default))
        return "250 OK"

    def newest(self) -> tuple[str, str, str]:
        """Return to whom the last one went, its subject and its text."""
        last = self.came[-1]
        return str(last["To"]), str(last["Subject"]), last.get_content()  # type: ignore[attr-defined]


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """Yield a server that takes e-mail in this process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = MailServer(port)
    controller = Controller(server, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield server
    finally:
        controller.stop()
