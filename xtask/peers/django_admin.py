"""The peer of a register's list: Django's admin over the same programmes, as an office would set it up in an afternoon.

    django_admin.py fill YEAR_FOLDER DATABASE   makes the database and prints a session cookie
    gunicorn django_admin:application           serves it (DJANGO_DATABASE names the database)
"""

import csv
import glob
import os
import sys

import django
from django.conf import settings
from django.db import models

csv.field_size_limit(1 << 24)
settings.configure(
    SECRET_KEY="a bench holds no secrets",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": os.environ.get("DJANGO_DATABASE", "django.db")}},
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    INSTALLED_APPS=[
        "django.contrib.admin",
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "django.contrib.messages",
        "django.contrib.staticfiles",
    ],
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
    ],
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "APP_DIRS": True,
            "OPTIONS": {
                "context_processors": [
                    "django.template.context_processors.request",
                    "django.contrib.auth.context_processors.auth",
                    "django.contrib.messages.context_processors.messages",
                ]
            },
        }
    ],
    STATIC_URL="static/",
    LANGUAGE_CODE="ja",
)
django.setup()

from django.contrib import admin  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.urls import path  # noqa: E402


class Programme(models.Model):
    number = models.CharField(max_length=40, db_index=True)
    name = models.TextField(db_index=True)
    ministry = models.CharField(max_length=80, db_index=True)
    bureau = models.CharField(max_length=200)
    purpose = models.TextField()
    overview = models.TextField()

    class Meta:
        app_label = "auth"
        verbose_name = "事業"


@admin.register(Programme)
class ProgrammeAdmin(admin.ModelAdmin):
    list_display = ["number", "name", "ministry", "bureau"]
    list_filter = ["ministry"]
    search_fields = ["name", "purpose", "overview"]
    list_per_page = 50


urlpatterns = [path("admin/", admin.site.urls)]
application = get_wsgi_application()


def fill(year):
    from django.contrib.auth.models import User
    from django.contrib.auth import SESSION_KEY, BACKEND_SESSION_KEY, HASH_SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    with connection.schema_editor() as editor:
        editor.create_model(Programme)
    (file,) = glob.glob(os.path.join(year, "1-2_*"))
    with open(file, encoding="utf-8-sig", newline="") as rows:
        Programme.objects.bulk_create(
            (
                Programme(
                    number=row["予算事業ID"],
                    name=row["事業名"],
                    ministry=row["政策所管府省庁"],
                    bureau=row["局・庁"],
                    purpose=row["事業の目的"],
                    overview=row["事業の概要"],
                )
                for row in csv.DictReader(rows)
            ),
            batch_size=500,
        )
    user = User.objects.create_superuser("bench", "", "bench")
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    print(f"sessionid={session.session_key}")


if __name__ == "__main__" and sys.argv[1:2] == ["fill"]:
    fill(sys.argv[2])
