"""A PostgreSQL for the tests that ask for one."""

from tests.world.postgres import postgres

__all__ = ["postgres"]
