"""Run the command line as ``python -m pmo_path``."""

from __future__ import annotations

from pmo_path.cli.main import main

if __name__ == "__main__":
    main()
