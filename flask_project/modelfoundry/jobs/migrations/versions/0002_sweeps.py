"""Create sweeps, which group jobs."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "sweeps",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("request", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("idempotency_key", sa.String(255)),
        sa.Column("body_sha256", sa.String(64)),
        sa.PrimaryKeyConstraint("id", name="pk_sweeps"),
        sa.UniqueConstraint("idempotency_key", name="uq_sweeps_idempotency_key"),
    )
    op.create_index("ix_sweeps_created_at_id", "sweeps", ["created_at", "id"])
    # In plain SQL, since Alembic would copy the whole table to add a foreign key on SQLite.
    op.execute(
        "ALTER TABLE jobs ADD COLUMN sweep_id VARCHAR(32) "
        "CONSTRAINT fk_jobs_sweep_id REFERENCES sweeps (id)"
    )
    op.create_index("ix_jobs_sweep_id_created_at", "jobs", ["sweep_id", "created_at"])


def downgrade() -> None:
    """Take the change back."""
    op.drop_index("ix_jobs_sweep_id_created_at", "jobs")
    op.drop_column("jobs", "sweep_id")
    op.drop_table("sweeps")
