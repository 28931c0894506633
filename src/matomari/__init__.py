"""matomari: things that hang together."""
