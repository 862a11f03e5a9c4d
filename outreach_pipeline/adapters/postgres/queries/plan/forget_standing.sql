drop table if exists standing_rows
