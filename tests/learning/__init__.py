"""Learning the weights of guesses from phrases and examples: `python -m tests.learning`."""
