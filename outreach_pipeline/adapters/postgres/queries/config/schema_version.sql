select outreach.schema_version()
