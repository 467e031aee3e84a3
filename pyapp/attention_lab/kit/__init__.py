"""The language that labs are written in. It knows no lab, no Panel and no Bokeh."""
