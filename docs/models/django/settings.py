"""The settings of a minimal project."""

import os

BACKENDS = {
    "postgres": "django.db.backends.postgresql",
    "sqlite": "django.db.backends.sqlite3",
}

INSTALLED_APPS = ["shop"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
DATABASES = {
    "default": {
        "ENGINE": BACKENDS[os.environ.get("REV_DIALECT", "sqlite")],
        "NAME": "shop.db",
    }
}
