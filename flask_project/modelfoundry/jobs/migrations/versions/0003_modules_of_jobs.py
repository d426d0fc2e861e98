"""Let a job bring several modules."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

JOBS = sa.table(
    "jobs",
    sa.column("id", sa.String(32)),
    sa.column("module_id", sa.String()),
    sa.column("modules", sa.JSON()),
)


def upgrade() -> None:
    """Apply the change."""
    op.add_column("jobs", sa.Column("modules", sa.JSON(), nullable=False, server_default="[]"))
    connection = op.get_bind()
    brought = sa.select(JOBS.c.id, JOBS.c.module_id).where(JOBS.c.module_id.is_not(None))
    for job_id, module_id in connection.execute(brought).all():
        of_job = sa.update(JOBS).where(JOBS.c.id == job_id)
        connection.execute(of_job.values(modules=[module_id]))
    op.drop_column("jobs", "module_id")


def downgrade() -> None:
    """Take the change back; of several modules the first is kept."""
    op.add_column("jobs", sa.Column("module_id", sa.String()))
    connection = op.get_bind()
    for job_id, modules in connection.execute(sa.select(JOBS.c.id, JOBS.c.modules)).all():
        if modules:
            of_job = sa.update(JOBS).where(JOBS.c.id == job_id)
            connection.execute(of_job.values(module_id=modules[0]))
    op.drop_column("jobs", "modules")
