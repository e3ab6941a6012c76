"""Sphinx extensions of this book: stamps, maths, links, look, the explorable's files, standing alone."""
