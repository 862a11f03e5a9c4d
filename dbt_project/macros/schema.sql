{# Exactly the schemas that the migrations made: the transform role may create in no other and may make none. #}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ custom_schema_name if custom_schema_name is not none else target.schema }}
{%- endmacro %}
