"""Price lists as files: read apart from everything else, compared with what is sold, written back."""
