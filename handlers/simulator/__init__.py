"""The simulator's channel: like any other, for a provider that this program brings along."""
