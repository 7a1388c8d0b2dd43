"""Grades the course's notebooks: release, grade, feedback, report, and the audit that tests the tests."""
