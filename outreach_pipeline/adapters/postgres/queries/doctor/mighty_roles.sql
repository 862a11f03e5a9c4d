select rolname
from pg_catalog.pg_roles
where (rolname like 'outreach_%%' or rolname = current_user) and (rolsuper or rolbypassrls)
order by rolname
