"""Programmes as files: read apart from everything else, compared with what is planned, written back."""
