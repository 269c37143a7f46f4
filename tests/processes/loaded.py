"""What doors and workers are forked from: all that they import, the dialogs checked and all words read."""

import granian.cli
import psycopg
import sqlalchemy.dialects.postgresql.psycopg

import webhooks
import worker
from base.memory import spare_the_collector
from bot.warming import warm
from wiring import check_dialogs

LOADED = (granian.cli, psycopg, sqlalchemy.dialects.postgresql.psycopg, webhooks, worker)

check_dialogs()
warm()
spare_the_collector()
