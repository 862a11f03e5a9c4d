-- A server that offers CHUNKING and does not know what it is can be spoken to by DATA.
alter table outreach.provider_hosts add column uses_chunking boolean not null default true;
