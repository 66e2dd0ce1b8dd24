"""What keeps an edition from being made."""


class CannotMake(Exception):
    """An edition cannot be made of what there is; the message says what to do."""
