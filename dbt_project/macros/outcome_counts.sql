{#
    The counts that every day mart has, over rows of int_messages_judged (alias j).
    sends are submissions, not deliveries; all counts from matured_sends on are of matured sends only.
#}
{% macro outcome_counts() %}
    count(*) filter (where j.is_submitted) as sends,
    count(*) filter (where j.is_matured) as matured_sends,
    count(*) filter (where j.outcome in ('delivered', 'presumed_delivered', 'complaint')) as delivered,
    count(*) filter (where j.outcome = 'hard_bounce') as hard_bounces,
    count(*) filter (where j.outcome = 'soft_bounce') as soft_bounces,
    count(*) filter (where j.outcome = 'block') as blocks,
    coalesce(sum(j.block_share), 0)::double precision as block_bursts,
    count(*) filter (where j.outcome = 'complaint') as complaints,
    count(*) filter (where j.is_complaint_trial) as complaint_trials,
    count(*) filter (where j.is_matured and j.was_replied) as replies,
    count(*) filter (where j.is_matured and j.was_auto_replied) as auto_replies,
    count(*) filter (where j.is_matured and j.was_unsubscribed) as unsubscribes
{% endmacro %}
