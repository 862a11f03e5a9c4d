select count(*) from incoming_contacts
