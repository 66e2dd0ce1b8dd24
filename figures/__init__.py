"""Code that draws the figures of the pages, one module per page; every number comes from a run."""
