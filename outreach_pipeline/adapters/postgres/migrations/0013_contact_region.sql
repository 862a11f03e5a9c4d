-- Where in the country a contact is, by ISO 3166-2 without the country's code: holidays and time zones differ by region.
alter table outreach.contacts add column region text;
