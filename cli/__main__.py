"""`python -m cli` is `mamori`."""

from cli import main

main()
