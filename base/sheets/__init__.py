"""Files of tables that people send: what they are, read apart from everything else, and written without a formula."""
