"""What the commands and the tests share about the built site; no command stands here."""
