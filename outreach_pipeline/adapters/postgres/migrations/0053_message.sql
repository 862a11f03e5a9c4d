-- What a message carries and how it travels.

-- Attachments -------------------------------------------------------------------------------------------------------------

-- [{"name", "content_type", "sha256", "size_bytes"}] in the order of the file; the bytes are blobs of the tenant.
alter table outreach.campaign_steps add column attachments jsonb not null default '[]';
