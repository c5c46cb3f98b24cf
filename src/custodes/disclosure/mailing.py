"""Send one e-mail through the server that the settings name."""

from __future__ import annotations

from smtplib import SMTPException, SMTPRecipientsRefused

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
_SECONDS = 20


class NotSent(Exception):
    """An e-mail did not go. ``for_good``: their server says that it never will."""

    def __init__(self, why: str, *, for_good: bool = False) -> None:
        super().__init__(why)
        self.for_good = for_good


def is_set_up() -> bool:
    """Say whether this installation sends e-mail at all."""
    return bool(settings.CUSTODES.smtp_host and settings.CUSTODES.mail_from)


def post(to: str, subject: str, text: str) -> None:
    """Hand an e-mail to the server; raises NotSent with why it did not take it."""
    config = settings.CUSTODES
    server = get_connection(
        _BACKEND,
        host=config.smtp_host,
        port=config.smtp_port,
        username=config.smtp_user,
        password=config.smtp_password,
        use_tls=config.smtp_security == "starttls",
        use_ssl=config.smtp_security == "tls",
        timeout=_SECONDS,
    )
    # RFC 3834: what no person wrote says so, and nobody's absence answers it.
    headers = {"Auto-Submitted": "auto-generated"}
    message = EmailMessage(
        subject, text, config.mail_from, [to], connection=server, headers=headers
    )
    try:
        message.send()
    except SMTPRecipientsRefused as refused:
        code = max((code for code, _ in refused.recipients.values()), default=0)
        # RFC 5321 s4.2.1: 5yz is for good, 4yz may be tried again.
        raise NotSent(f"The address was refused ({code}).", for_good=code >= 500) from None
    except UnicodeError:
        # A host that no name can be made of (RFC 5890 s2.3.2.1), however it looked.
        raise NotSent("Nothing can be sent to this address.", for_good=True) from None
    except (SMTPException, OSError) as error:
        raise NotSent(f"The mail server did not take it ({type(error).__name__}).") from None
