"""A PostgreSQL for the tests of keeping that ask for one."""

from tests.world.postgres import postgres

__all__ = ["postgres"]
