"""What a check is made of: both sides of a relation, drawn at random, and wrong versions."""

from engine.equations.check import Rng, Sides, at_most, close, equals, equation

__all__ = ["Rng", "Sides", "at_most", "close", "equals", "equation"]
