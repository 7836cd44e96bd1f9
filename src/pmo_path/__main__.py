"""The entry point of the command line, also for ``python -m pmo_path``."""

from __future__ import annotations

from pmo_path.cli import signals


def main() -> None:
    """Run the command line and exit with its code."""
    signals.exit_at_once()
    from pmo_path.cli.main import main as run  # noqa: PLC0415  signals have their handlers first

    run()


if __name__ == "__main__":
    main()
