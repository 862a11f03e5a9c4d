"""``python -m outreach_pipeline`` is the command ``outreach``."""

from outreach_pipeline.cli.main import main

if __name__ == "__main__":
    main()
