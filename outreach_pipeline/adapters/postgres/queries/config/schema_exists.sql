select to_regproc('outreach.schema_version') is not null
