"""Sphinx extensions of the book, one room per subject.

They are imported with their whole name (``book.ext.site``): `_config.yml` puts the project's
folder on the path, not this one. On a path of their own, names as plain as ``site`` would be
looked up in the standard library first and never be found here, or, found first, would hide a
module of that name from every other package. The project's folder adds the names of its own
packages only; its other folders hold no ``__init__.py``, so Python prefers any installed
package to them.
"""
