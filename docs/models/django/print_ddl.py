"""Prints the SQL of the models for the dialect that rev names."""

import os

import django
from django.apps import apps
from django.db import connection

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings")
django.setup()

# What it collects is not run.
editor = connection.schema_editor(collect_sql=True, atomic=False)


def composed(sql, params):
    sql = str(sql)
    return sql % tuple(map(editor.quote_value, params)) if params else sql


# Django would connect only to put values into the text, and opens SQLite's file.
if connection.vendor == "postgresql":
    connection.ops.compose_sql = composed
if connection.vendor == "sqlite":
    connection.settings_dict["NAME"] = ":memory:"

with editor:
    for model in apps.get_models():
        if model._meta.managed and not model._meta.proxy:
            editor.create_model(model)
print("\n".join(editor.collected_sql))
