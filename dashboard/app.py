"""The browser's door: opens a deployment, keeps it fresh, and hands pages to Streamlit."""

import argparse
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

import streamlit as st

from dashboard.screens.shell import show
from dashboard.service import Service


def _arguments() -> argparse.Namespace:
    """The configuration, and a moment to stand still at: the demo company lives in October 2026."""
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--config", type=Path, default=Path(os.environ.get("BOARDSEAT_CONFIG", "config")))
    parser.add_argument("--now", type=datetime.fromisoformat, default=None)
    return parser.parse_known_args(sys.argv[1:])[0]


@st.cache_resource(show_spinner=False)
def _service(config: Path) -> Service:
    return Service(config, os.environ)


arguments = _arguments()
show(_service(arguments.config.resolve()), now=lambda: arguments.now or datetime.now(UTC))
