"""The files that a new mode begins with: templates in `data/`, filled in by `new_mode`."""
