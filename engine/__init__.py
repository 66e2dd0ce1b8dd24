"""What the build's hooks and the tests share: one model of a page, and what is asked of it."""
