"""Judges of the exercises that readers answer in code, a module for each chapter.

They run in this project's tests and in the reader's browser alike, so they import NumPy, the
standard library and ``snippets``, and nothing else.
"""
