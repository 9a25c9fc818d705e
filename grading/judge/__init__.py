"""What judges: the sandbox that a submission runs in, and the marking outside of it.

Nothing here knows a course, a class or a gradebook.
"""
