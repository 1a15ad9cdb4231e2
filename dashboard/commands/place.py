"""Where a command works: the configuration folder and the environment it is read with."""

import functools
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from dashboard.commands.progress import Bar
from dashboard.deployment import Deployment, load
from dashboard.errors import DashboardError

PACKAGE = Path(__file__).resolve().parent.parent
CONFIG = "config"
DEMO_DATABASE = "MERIDIAN_DATABASE"  # what the demo's source is called by


@dataclass(frozen=True)
class Place:
    """A configuration folder, and the environment that gives its secrets and says where its ledger is."""

    config: Path
    environ: Mapping[str, str] = field(repr=False)  # holds secrets

    def deployment(self) -> Deployment:
        """The configuration loaded and checked; ConfigurationError with every problem in it."""
        return load(self.config, self.environ)


def with_place(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options --config and --demo, and the Place they name as the argument `place`."""

    @click.option(
        "--config",
        type=click.Path(path_type=Path),
        envvar="BOARDSEAT_CONFIG",
        default=CONFIG,
        show_default=True,
        metavar="DIR",
        help="Folder of the configuration. BOARDSEAT_CONFIG sets it, too.",
    )
    @click.option("--demo", is_flag=True, help="Use the demo company, made on first use.")
    @click.pass_context
    @functools.wraps(command)
    def placed(ctx: click.Context, /, config: Path, demo: bool, **options: Any) -> Any:
        if demo and ctx.get_parameter_source("config") is ParameterSource.COMMANDLINE:
            raise click.UsageError("--demo brings its own configuration. Leave --config out.", ctx)
        place = demo_place(os.environ) if demo else given_place(config, os.environ)
        return command(place=place, **options)

    return placed


def given_place(config: Path, environ: Mapping[str, str]) -> Place:
    """The place of a folder that is there, and not the demo's without its database; else DashboardError."""
    if not config.is_dir():
        raise DashboardError(
            f"There is no folder {config}. Name that of the configuration with --config DIR or "
            "BOARDSEAT_CONFIG, or see the demo company with --demo."
        )
    if config.resolve() == demo_config().resolve() and DEMO_DATABASE not in environ:
        raise DashboardError(
            f"{config} is the configuration of the demo company. See it with --demo, or name a folder of "
            "your own with --config DIR or BOARDSEAT_CONFIG."
        )
    return Place(config.resolve(), environ)


def demo_place(environ: Mapping[str, str]) -> Place:
    """The demo company: its database is made when it is not there, and its ledger lies beside it."""
    from dashboard.demo.build import TODAY, ensure  # noqa: PLC0415 - brings pyarrow, which no other command needs

    with Bar("Making the demo company") as bar:

        def tell(done: int, total: int, table: str) -> None:
            bar.tell(table.replace("_", " "), done / total)

        database = ensure(data_home(environ), progress=tell)
    ledger = f"sqlite:///{database.with_suffix('.sqlite')}"
    settings = {
        DEMO_DATABASE: str(database),
        "BOARDSEAT_LEDGER": ledger,
        "BOARDSEAT_NOW": environ.get("BOARDSEAT_NOW") or TODAY.isoformat(),
    }
    return Place(demo_config(), {**environ, **settings})


def demo_config() -> Path:
    """The demo's configuration: inside an installed wheel, or the folder beside the package in a checkout."""
    packaged = PACKAGE / "demo" / CONFIG
    return packaged if packaged.is_dir() else PACKAGE.parent / CONFIG


def data_home(environ: Mapping[str, str]) -> Path:
    """Where files of ours that are not the user's lie: BOARDSEAT_HOME, or a folder of the XDG data home."""
    if named := environ.get("BOARDSEAT_HOME"):
        return Path(named).expanduser().resolve()
    shared = environ.get("XDG_DATA_HOME") or "~/.local/share"
    return Path(shared).expanduser() / "boardseat"
