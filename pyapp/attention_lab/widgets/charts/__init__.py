"""Bokeh figures of the blocks that are charts, one a module of the block's name."""
