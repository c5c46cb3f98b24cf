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


class NoSuchBench(Refused):
    """There is no benchmark of that name."""

    advice = "custodes bench --help lists them."


@click.command("bench", context_settings={"ignore_unknown_options": True})
@click.argument("name")
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
@click.option("--home", type=click.Path(path_type=Path), help="Where benchmarks put their files.")
@click.option("--json", "as_json", is_flag=True, help="Print the last line, the ratio, as JSON.")
def command(name: str, arguments: tuple[str, ...], home: Path | None, *, as_json: bool) -> None:
    """Run the benchmark NAME; its last line is the ratio to its baseline."""
    try:
        module = _load(name)
    except NoSuchBench as refused:
        click.echo(refused.in_full(), err=True)
        sys.exit(1)
    extra = ["--home", str(home)] if home else []
    ratio = module.main([*arguments, *extra])
    if as_json:
        click.echo(json.dumps({"bench": name, "ratio": ratio}))


def _load(name: str) -> ModuleType:
    """Load a benchmark from the wheel, or from the checkout this is run in."""
    if not name.replace("_", "").isalnum():
        raise NoSuchBench(f"There is no benchmark called {name}.")
    try:
        return importlib.import_module(f"custodes_bench.{name}")
    except ModuleNotFoundError:
        path = Path("bench") / f"{name}.py"
    spec = importlib.util.spec_from_file_location(f"custodes_bench.{name}", path)
    if not path.is_file() or spec is None or spec.loader is None:
        raise NoSuchBench(f"There is no benchmark called {name}.")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module
