-- A day's plan writes tens of thousands of messages, and each index costs at every one. A campaign's messages are found
-- by their contact's enrollments, the few others by their address; a Message-ID is asked for once it is out in the world.
drop index outreach.messages_by_address;
create index messages_by_address on outreach.messages (tenant_id, to_address) where kind <> 'campaign';
drop index outreach.messages_by_message_id;
create index messages_by_message_id on outreach.messages (tenant_id, message_id) where sending_at is not null;
