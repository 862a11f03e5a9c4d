-- How many there are decides how they are joined.
analyze busy_rows, company_rows
