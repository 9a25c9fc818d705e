"""The instructor's desk: problem sets, a class's files, the course, marks, reports."""
