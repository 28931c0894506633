"""One recogniser a file: each takes a folded text and yields where personal values stand in it."""
