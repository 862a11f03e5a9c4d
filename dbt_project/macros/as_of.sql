{# The moment the marts speak of, as a literal: var `now`, else the start of this run (UTC). #}
{% macro as_of() -%}
    timestamptz '{{ var("now") if var("now") else run_started_at.isoformat() }}'
{%- endmacro %}
