"""``python -m custodes.worker``: one worker, for ``custodes up`` and for tests."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "custodes.site.settings")
django.setup()

from custodes.worker.running import run  # noqa: E402 - Django must be up first

if __name__ == "__main__":
    run()
