"""The schema, revision by revision: plain SQL, applied by Alembic."""
