"""Find log lines by level, other events without reading the log, and a job's newest event."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.add_column("jobs", sa.Column("last_seq", sa.Integer(), nullable=False, server_default="0"))
    op.execute(
        "update jobs set last_seq = "
        "coalesce((select max(seq) from events where events.job_id = jobs.id), 0)"
    )
    op.add_column("events", sa.Column("level", sa.String(8)))
    op.execute("update events set level = data ->> 'level' where type = 'log'")
    op.create_index("ix_events_job_id_level_seq", "events", ["job_id", "level", "seq"])


def downgrade() -> None:
    """Take the change back."""
    op.drop_index("ix_events_job_id_level_seq", "events")
    op.drop_column("events", "level")
    op.drop_column("jobs", "last_seq")
