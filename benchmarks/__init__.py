"""Each target of speed as a command that prints its ratio: `make bench`."""
