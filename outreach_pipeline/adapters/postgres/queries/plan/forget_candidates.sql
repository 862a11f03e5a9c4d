drop table if exists candidate_rows
