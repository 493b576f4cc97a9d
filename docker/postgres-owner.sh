#!/bin/sh
# Runs once, when the PostgreSQL container makes its cluster: the owner of the database is no superuser, so that
# row-level security binds it too. It may make the roles that the migrations need.
set -eu
psql --no-psqlrc --set=ON_ERROR_STOP=1 --set=password="$DATABASE_PASSWORD" --username="$POSTGRES_USER" --dbname=postgres <<'SQL'
CREATE ROLE lienmach LOGIN CREATEROLE PASSWORD :'password';
CREATE DATABASE lienmach OWNER lienmach;
SQL
