"""The browser's door: opens a deployment, keeps it fresh, and hands pages to Streamlit."""

import argparse
import os
import sys
from pathlib import Path

import streamlit as st

from dashboard.deployment import clock
from dashboard.screens.shell import show
from dashboard.service import Service


def _config() -> Path:
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--config", type=Path, default=Path(os.environ.get("BOARDSEAT_CONFIG", "config")))
    known, _ = parser.parse_known_args(sys.argv[1:])
    return Path(known.config).resolve()


@st.cache_resource(show_spinner=False)
def _service(config: Path) -> Service:
    return Service(config, os.environ)


show(_service(_config()), now=clock(os.environ))
