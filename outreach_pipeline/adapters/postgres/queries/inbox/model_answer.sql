select intent, is_sure
from outreach.model_answers
where tenant_id = %(tenant_id)s and question_sha256 = %(question_sha256)s
