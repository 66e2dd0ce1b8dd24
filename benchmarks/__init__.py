"""Measurements, run by hand and by `make bench`; always a ratio side by side."""
