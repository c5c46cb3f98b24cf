"""Both databases, for the tests of the log that ask for them."""

from tests.world.postgres import database_url, postgres

__all__ = ["database_url", "postgres"]
