-- Each enrollment is there once; untold, the join of these expects a thousand million rows, and sorts both.
analyze planned_rows (enrollment_id), candidate_rows (enrollment_id)
