"""Tests of tools/, and of the built `stele` driven from outside."""
