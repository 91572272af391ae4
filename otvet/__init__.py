"""Otvet's shell: the command line, the wiring of the parts, and `run`, which starts them all on one machine."""
