"""Run the command without its script: `python -m osw_stats build`."""

from osw_stats.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
