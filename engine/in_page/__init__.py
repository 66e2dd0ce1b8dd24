"""The code of the pages in the reader's browser: what is served for it."""
