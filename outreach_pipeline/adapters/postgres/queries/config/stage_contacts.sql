create temporary table incoming_contacts (
    line integer not null,
    address text not null,
    mail_domain text not null,
    company_domain text not null,
    is_free_mail boolean not null,
    first_name text not null,
    last_name text not null,
    company text not null,
    source text not null,
    jurisdiction text,
    lawful_basis text,
    time_zone text,
    time_zone_source text,
    country text,
    language text,
    verification text not null,
    attributes text not null
) on commit drop
