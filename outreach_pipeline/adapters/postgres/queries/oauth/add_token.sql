insert into outreach.oauth_tokens (provider_account_id, tenant_id, mailbox_id)
values (
    %(account_id)s, case when not %(is_shared)s then %(tenant_id)s::uuid end,
    case when not %(is_shared)s then %(mailbox_id)s::bigint end
)
on conflict do nothing
