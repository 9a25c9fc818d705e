"""The book's own side: Sphinx extensions, front end, templates and style sheets."""
