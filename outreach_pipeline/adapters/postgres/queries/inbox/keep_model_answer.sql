insert into outreach.model_answers (tenant_id, question_sha256, intent, is_sure, answered_at)
values (%(tenant_id)s, %(question_sha256)s, %(intent)s, %(is_sure)s, %(now)s)
on conflict (tenant_id, question_sha256) do nothing
