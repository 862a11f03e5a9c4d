select
    to_regclass('outreach_marts.fct_weight_inputs') is not null
    and to_regclass('outreach_marts.dim_mailboxes') is not null
    and to_regclass('outreach_marts.fct_mailbox_days') is not null
