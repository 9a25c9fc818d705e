"""The feedback page that a student gets back."""

from __future__ import annotations

import re
from html import escape

from nbgrader.converters import GenerateFeedback
from nbgrader.preprocessors import ClearHiddenTests, ClearMarkScheme, GetGrades

from grading.desk.course import write_whole
from grading.desk.heard import Heard
from grading.desk.records import Job, Record
from grading.desk.steps import Grades

#: nbgrader's page is made for a desk: students open it on their phones too.
_ON_A_PHONE = """<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
img { max-width: 100%; height: auto }
@media (max-width: 40rem) {
  #notebook, #notebook-container, .panel-body { padding: .5rem; width: auto }
  .input, .inner_cell, .input_area, .output_area, .output_subarea {
    display: block; width: 100%; max-width: 100%; min-width: 0 }
  div.nbgrader_cell .panel-heading { height: auto; overflow: hidden }
  pre { white-space: pre-wrap; overflow-wrap: anywhere }
}
</style>"""


def feed_back(job: Job) -> None:
    """nbgrader's feedback page, without hidden tests and without scripts."""
    course, name, student = job.course, job.assignment, job.submission.student
    grades = Grades()
    grades.course = course
    heard = Heard(f"grading.{student}.feedback")
    maker = GenerateFeedback(
        coursedir=course.directory(assignment_id=name, student_id=student, notebook_id=name),
        force=True,
        log=heard.log,
    )
    maker.preprocessors = [
        ClearHiddenTests(enforce_metadata=False),
        ClearMarkScheme(enforce_metadata=False),
        grades,
        *[one for one in maker.preprocessors if one is not GetGrades],
    ]
    maker.config.HTMLExporter.sanitize_html = True
    with heard.or_fail():
        maker.start()
    path = course.root / "feedback" / student / name / f"{name}.html"
    page = path.read_text("utf-8")
    # what a submission shows must not run in the instructor's browser, nor load anything
    page = re.sub(r"<script\b.*?</script\s*>", "", page, flags=re.DOTALL | re.IGNORECASE)
    page = re.sub(r"<link\b[^>]*\bhref=.https?:[^>]*>", "", page, flags=re.IGNORECASE)
    page = page.replace("<html>", '<html lang="en">', 1)
    page = page.replace("</head>", f"{_ON_A_PHONE}</head>", 1)
    path.chmod(0o644)
    write_whole(path, page.encode())


def write_page(job: Job, record: Record) -> None:
    """The feedback page of a submission that could not be graded."""
    page = f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8">
<title>{escape(job.assignment)}</title>{_ON_A_PHONE}</head>
<body><h1>{escape(job.assignment)}: not graded</h1>
<p>{escape(record.name)}, your file <code>{escape(record.shown)}</code> could not be graded:
{escape(record.problem)}.</p>
<p>Hand in the notebook that you were given (ending <code>.ipynb</code>), saved after
<em>Kernel, Restart and run all</em>.</p></body></html>
"""
    folder = job.course.root / "feedback" / record.student / job.assignment
    write_whole(folder / f"{job.assignment}.html", page.encode())
