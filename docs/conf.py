"""How the documentation is built: Markdown pages, the reference made from the code, nothing fetched from anywhere."""

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent / "src")]

project = "Afterbell"
copyright = "the Afterbell authors"
author = "the Afterbell authors"

extensions = ["myst_parser", "from_code"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3

html_theme = "furo"
html_title = "Afterbell"
html_show_sphinx = False
html_show_sourcelink = False
exclude_patterns = ["_build", "**/README.md"]
suppress_warnings = ["misc.highlighting_failure"]
