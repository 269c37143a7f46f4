"""The simulator: a page of phones, and the stand-in provider behind the simulator channel."""
