"""The report of a run: one HTML file that opens anywhere, with nothing to fetch."""

from eval.report.write import render_report, write_report

__all__ = ["render_report", "write_report"]
