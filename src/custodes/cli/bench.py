"""``custodes bench``: measure, with the baseline in the same run."""

from __future__ import annotations

import importlib
import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType

import click

from custodes.kernel.errors import Refused

_PACKAGE = "custodes_bench"


class NoSuchBench(Refused):
    """There is no benchmark of that name."""

    advice = "custodes bench --help lists them."


@click.command("bench", context_settings={"ignore_unknown_options": True})
@click.argument("name")
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
@click.option("--home", type=click.Path(path_type=Path), help="Where benchmarks put their files.")
@click.option("--json", "as_json", is_flag=True, help="Print the last line, the ratio, as JSON.")
def command(name: str, arguments: tuple[str, ...], home: Path | None, *, as_json: bool) -> None:
    """Run the benchmark NAME; its last line is the ratio to its baseline.

    It leaves with status 1 when a figure is over its limit, if it ran at full size.
    """
    try:
        module = _load(name)
    except NoSuchBench as refused:
        click.echo(refused.in_full(), err=True)
        sys.exit(1)
    extra = ["--home", str(home)] if home else []
    ratio = module.main([*arguments, *extra])
    if as_json:
        click.echo(json.dumps({"bench": name, "ratio": ratio}))
    if over := _load("rounds").Limits.over:
        click.echo(f"Over the limit: {', '.join(over)}.", err=True)
        sys.exit(1)


def _load(name: str) -> ModuleType:
    """Load a benchmark from the wheel, or from the checkout this is run in."""
    if not name.replace("_", "").isalnum():
        raise NoSuchBench(f"There is no benchmark called {name}.")
    if importlib.util.find_spec(_PACKAGE) is None:
        _use_checkout(name)
    try:
        return importlib.import_module(f"{_PACKAGE}.{name}")
    except ModuleNotFoundError as missing:
        if missing.name != f"{_PACKAGE}.{name}":
            raise
        raise NoSuchBench(f"There is no benchmark called {name}.") from None


def _use_checkout(name: str) -> None:
    folder = Path("bench").resolve()
    spec = importlib.util.spec_from_file_location(
        _PACKAGE, folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    if not (folder / "__init__.py").is_file() or spec is None or spec.loader is None:
        raise NoSuchBench(f"The benchmark {name} is neither installed nor in this folder.")
    module = importlib.util.module_from_spec(spec)
    sys.modules[_PACKAGE] = module
    spec.loader.exec_module(module)
