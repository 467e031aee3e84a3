"""Attention Lab: the app around the `attention` package. Start at `app.make_app`."""
