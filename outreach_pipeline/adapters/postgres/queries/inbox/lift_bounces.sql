select l.value from outreach.lift_bounces(%(origin)s) as l (value)
