"""The command line `otvet`: one command a function, Russian words, JSON on stdout, heavy parts loaded when needed."""
