"""Custodes: body-worn video evidence that anybody can check."""

__version__ = "0.1.0.dev0"
