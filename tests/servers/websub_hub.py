"""A hub, run in an environment of its own among the test servers: python websub_hub.py PORT FOLDER."""

import sys

from celery import Celery
from flask import Flask
from flask_websub.hub import Hub, SQLite3HubStorage
from werkzeug.serving import make_server

port, folder = int(sys.argv[1]), sys.argv[2]
app = Flask(__name__)
app.config["PUBLISH_SUPPORTED"] = True
tasks = Celery("hub")
tasks.conf.task_always_eager = True
hub = Hub(SQLite3HubStorage(f"{folder}/hub.sqlite3"), tasks, PUBLISH_SUPPORTED=True)
app.register_blueprint(hub.build_blueprint(url_prefix="/hub"))
make_server("127.0.0.1", port, app, threaded=True).serve_forever()
