drop table if exists candidate_rows, busy_rows, company_rows
