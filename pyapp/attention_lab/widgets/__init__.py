"""The lab's own Bokeh models, and the Panel classes that keep them up to date."""
