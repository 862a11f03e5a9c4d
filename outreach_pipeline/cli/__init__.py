"""The command line: parses, asks a workflow, prints a table for people or one JSON document."""
