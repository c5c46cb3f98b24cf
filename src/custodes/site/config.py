"""Every setting of an installation, typed, in one object.

Read from environment variables ``CUSTODES_…`` and from ``custodes.toml`` in the
home folder (the environment wins). docs/reference/settings.md documents each,
and a test keeps it complete. Elsewhere in the code the object is
``django.conf.settings.CUSTODES``.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from custodes.cases.rules.audiences import Audience
from custodes.disclosure.rules.lines import Redaction


class Config(BaseSettings):
    """The settings of one installation."""

    model_config = SettingsConfigDict(env_prefix="CUSTODES_", extra="forbid", frozen=True)

    home: Path = Field(
        default=Path("custodes-home"),
        description="The folder that holds everything: database, sealed footage, keys.",
    )
    database_url: str = Field(
        default="",
        description="Empty for SQLite in the home folder, or postgresql://user:password@host/name.",
    )
    host: str = Field(default="127.0.0.1", description="The address the server listens on.")
    port: int = Field(default=8080, ge=1, le=65535, description="The port the server listens on.")
    public_url: str = Field(
        default="",
        description="The address people and docks use, when a proxy stands in front. Empty: http://host:port.",
    )
    tls_certificate: Path | None = Field(
        default=None,
        description="PEM certificate to serve HTTPS with. Without it: plain HTTP, behind a proxy.",
    )
    tls_key: Path | None = Field(
        default=None, description="PEM (PKCS#8) private key of that certificate."
    )
    force_name: str = Field(
        default="My force", max_length=100, description="The name on every page."
    )
    force_domain: str = Field(
        default="localhost",
        max_length=100,
        description="The domain in the log's name, such as police.example.",
    )
    time_zone: str = Field(
        default="Europe/London", description="The zone in which pages show times."
    )
    marking: str = Field(
        default="",
        description="A protective marking shown on every page, such as OFFICIAL-SENSITIVE.",
    )
    contact: str = Field(
        default="",
        max_length=300,
        description=(
            "How whoever is given a package reaches the force about it, printed in every one. "
            "Empty: the name of whoever made it."
        ),
    )
    demo: bool = Field(
        default=False,
        description="A made-up force with simulated cameras, marked as such on every page.",
    )
    purpose_required: bool = Field(
        default=True,
        description="Ask why before the first playback of footage that is not the viewer's own.",
    )
    details_kept_years: int = Field(
        default=7,
        ge=1,
        description="Years that details of custody entries, and the record of a deleted recording, "
        "are kept once their subject is gone.",
    )
    backups_kept_days: int = Field(
        default=0,
        ge=0,
        le=3650,
        description=(
            "Days after which the last backup of the store that held something is gone, as your "
            "force declares. 0: not declared, and no certificate says that backups are gone."
        ),
    )
    destroyed_within_hours: int = Field(
        default=24,
        ge=1,
        le=8760,
        description=(
            "How many hours after its deletion no backup of the database may be able to open a "
            "recording any more."
        ),
    )
    minimum_free_bytes: int = Field(
        default=1 << 30,
        ge=0,
        description="Space that must stay free; an upload that would go below it is answered 507.",
    )
    maximum_uploads: int = Field(
        default=64,
        ge=1,
        description="Uploads received at once; one more is answered 503 and comes again.",
    )
    maximum_upload_bytes: int = Field(
        default=64 << 30, ge=1, description="The largest single file that is taken in."
    )
    upload_expiry_hours: int = Field(
        default=72, ge=1, description="How long an unfinished resumable upload waits for the rest."
    )
    publish_level: int = Field(
        default=1,
        ge=0,
        le=2,
        description=(
            "What anybody may read of the custody log below /custody/: 0 signed checkpoints, "
            "1 hashes of the tree too, 2 the public entries too."
        ),
    )
    scrutiny_percent: int = Field(
        default=1,
        ge=0,
        le=100,
        description=(
            "How many in a hundred of the recordings that would be deleted two days later are "
            "drawn each day, and kept 120 days, for the scrutiny panel; 0 draws none."
        ),
    )
    redaction: dict[Audience, Redaction] = Field(
        default_factory=dict,
        description=(
            "What the gate asks about hiding what nobody needs to see, for each audience: "
            "off, warn or required. What is not named is warn."
        ),
    )
    dock_token_minutes: int = Field(
        default=60, ge=1, description="How long a dock's token lasts before it must sign in again."
    )
    late_minutes: int = Field(
        default=40,
        ge=1,
        description="After how long without a word a dock is shown as not heard from.",
    )
    missing_after_hours: int = Field(
        default=24,
        ge=1,
        le=72,
        description="After how long footage that was seen on a camera and did not come is missed.",
    )
    range_bytes: int = Field(
        default=8 << 20,
        ge=65536,
        description="The most one answer to an open-ended range request carries;"
        " to a recipient, any.",
    )
    sweep_hour: int = Field(
        default=3,
        ge=0,
        le=23,
        description="After which hour of the day the nightly sweep deletes what is due.",
    )
    share_days: int = Field(
        default=90,
        ge=1,
        le=366,
        description="The most days for which a link to something shared is open.",
    )
    smtp_host: str = Field(
        default="",
        description="The server that sends e-mail to recipients of what is shared. Empty: none.",
    )
    smtp_port: int = Field(default=587, ge=1, le=65535, description="The port of that server.")
    smtp_security: Literal["starttls", "tls", "none"] = Field(
        default="starttls",
        description="How the way to it is secured: starttls, tls, or none (in one machine only).",
    )
    smtp_user: str = Field(default="", description="The name to sign in with there, if it asks.")
    smtp_password: str = Field(
        default="", repr=False, description="The password to sign in with there."
    )
    mail_from: str = Field(
        default="", description="The address from which e-mail goes out. Needed to send any."
    )
    api_token_days: int = Field(
        default=90,
        ge=1,
        le=366,
        description="The most days for which a token of somebody's program is good.",
    )
    session_hours: int = Field(default=12, ge=1, description="How long a signed-in session lasts.")
    second_factor_required: bool = Field(
        default=False,
        description="Nobody gets further than setting up a second factor until they have one.",
    )
    sandbox_memory_mb: int = Field(
        default=2048, ge=256, description="Memory one sandbox process may use."
    )
    threads: int = Field(default=128, ge=8, description="Requests served at once.")
    witnesses: tuple[str, ...] = Field(
        default=(),
        description="Who cosigns the log's checkpoints, each as: NAME URL KEY [KEY].",
    )
    witness_quorum: int = Field(
        default=2,
        ge=0,
        description="How many witnesses the published trust policy asks for, at most all.",
    )
    timestamp_authorities: tuple[str, ...] = Field(
        default=(), description="Addresses of RFC 3161 authorities that stamp checkpoints hourly."
    )
    timestamp_roots: Path | None = Field(
        default=None,
        description="PEM certificates that the authorities' tokens must lead to. Without: any.",
    )
    mirror: str = Field(
        default="",
        description="A folder or address with a copy of the log's export, for the rollback guard.",
    )
    worker_jobs: int = Field(
        default=2, ge=1, description="Pieces of background work one worker does at once."
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the base class names it
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the same
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Let the environment win over ``custodes.toml``."""
        home = Path(os.environ.get("CUSTODES_HOME", "custodes-home"))
        toml = TomlConfigSettingsSource(settings_cls, home / "custodes.toml")
        return init_settings, env_settings, toml

    @property
    def address(self) -> str:
        """Return the address people and docks use, without a slash at its end."""
        if self.public_url:
            return self.public_url.rstrip("/")
        scheme = "https" if self.tls_certificate else "http"
        return f"{scheme}://{self.host}:{self.port}"

    @property
    def origin(self) -> str:
        """Return the name of this installation's log (custody format, section 3.1)."""
        return f"custodes.{self.force_domain}/custody"


def load() -> Config:
    """Read the settings and make sure that the home folder is there, private."""
    config = Config()
    home = config.home.resolve()
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    return config.model_copy(update={"home": home})


def secret_key(home: Path) -> str:
    """Return the secret that signs sessions, made on first use and kept in the home folder."""
    path = home / "secret.key"
    try:
        fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(fd, "w") as file:
        file.write(secrets.token_urlsafe(48))
        file.flush()
        os.fsync(file.fileno())
    return path.read_text().strip()
