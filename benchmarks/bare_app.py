"""The bare pages as a Streamlit app of their own, run by benchmarks/page_switch.py.

It has what every app of ten pages has, a navigation between them; what a page has is told in bare_page.py.
"""

import os
import pickle
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import streamlit as st

from benchmarks.bare_page import BARE_PAGES, Constants, draw


@st.cache_resource(show_spinner=False)
def _constants(path: str) -> Sequence[Constants]:
    return pickle.loads(Path(path).read_bytes())  # type: ignore[no-any-return]  # noqa: S301 - our own file


pages = [
    st.Page(partial(draw, page), title=page.label, url_path=page.name, default=place == 0)
    for place, page in enumerate(_constants(os.environ[BARE_PAGES]))
]
chosen = st.navigation(pages, position="top")
st.set_page_config(page_title=chosen.title, layout="wide")
chosen.run()
