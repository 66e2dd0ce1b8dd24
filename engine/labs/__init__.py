"""The labs: notebooks that run on real data, and what their runs gave."""
