"""The one place where settings, stores and services are wired together."""

from dataclasses import dataclass

from sqlalchemy import Engine

from modelfoundry.errors import StorageError
from modelfoundry.jobs.bundles import adopt_bundles
from modelfoundry.jobs.database import open_database
from modelfoundry.jobs.module_store import ModuleStore
from modelfoundry.jobs.old_events import OldEvents
from modelfoundry.jobs.sql_store import SqlJobStore
from modelfoundry.jobs.store import JobStore
from modelfoundry.jobs.sweep_store import SweepStore
from modelfoundry.jobs.token_store import TokenStore
from modelfoundry.jobs.webhook_store import WebhookStore
from modelfoundry.services.benchmarks import BenchmarkService
from modelfoundry.services.catalog import CatalogService
from modelfoundry.services.class_strips import ClassStripService
from modelfoundry.services.datasets import DatasetService
from modelfoundry.services.exchange import ExchangeService
from modelfoundry.services.jobs import JobService
from modelfoundry.services.models import ModelService
from modelfoundry.services.modules import ModuleService
from modelfoundry.services.predict import PredictService
from modelfoundry.services.reuse import ReuseService
from modelfoundry.services.robustness import RobustnessService
from modelfoundry.services.samples import SampleService
from modelfoundry.services.sweeps import SweepService
from modelfoundry.services.system import SystemService
from modelfoundry.services.tokens import TokenService
from modelfoundry.services.uploads import UploadService
from modelfoundry.services.webhooks import WebhookService
from modelfoundry.settings import Settings


@dataclass(frozen=True)
class Stores:
    """What is kept in the database."""

    engine: Engine
    jobs: JobStore
    modules: ModuleStore
    sweeps: SweepStore
    tokens: TokenStore
    webhooks: WebhookStore


@dataclass(frozen=True)
class Services:
    """Every use case, for the command line and the web API alike."""

    settings: Settings
    stores: Stores
    benchmarks: BenchmarkService
    catalog: CatalogService
    class_strips: ClassStripService
    datasets: DatasetService
    models: ModelService
    jobs: JobService
    modules: ModuleService
    exchange: ExchangeService
    predict: PredictService
    reuse: ReuseService
    robustness: RobustnessService
    samples: SampleService
    sweeps: SweepService
    system: SystemService
    tokens: TokenService
    uploads: UploadService
    webhooks: WebhookService


def open_stores(settings: Settings) -> Stores:
    """Open the data folder and its database, bringing both up to date.

    Raises:
        StorageError: The folder or the database cannot be written.
    """
    home = settings.home
    try:
        for folder in (home.root, home.datasets, home.models, home.modules, home.jobs):
            folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(
            f"cannot write the data folder {home.root}: {error.strerror}; choose another one with "
            "MODELFOUNDRY_HOME"
        ) from error
    engine = open_database(settings.database_url)
    return Stores(
        engine=engine,
        jobs=SqlJobStore(engine),
        modules=ModuleStore(engine),
        sweeps=SweepStore(engine),
        tokens=TokenStore(engine),
        webhooks=WebhookStore(engine),
    )


def build_services(settings: Settings) -> Services:
    """Wire the services on an opened data folder; bundles nobody reported are listed.

    Raises:
        StorageError: The folder or the database cannot be written.
    """
    stores = open_stores(settings)
    adopt_bundles(settings.home, stores.modules)
    home = settings.home
    modules = ModuleService(home, stores.modules, stores.jobs)
    uploads = UploadService(home, limit_bytes=settings.upload_limit_bytes)
    return Services(
        settings=settings,
        stores=stores,
        benchmarks=BenchmarkService(home, stores.modules),
        catalog=CatalogService(home, stores.modules),
        class_strips=ClassStripService(home),
        datasets=DatasetService(home, stores.jobs),
        models=ModelService(home, stores.jobs),
        jobs=JobService(home, stores.jobs),
        modules=modules,
        exchange=ExchangeService(home, stores.modules, modules),
        predict=PredictService(home, stores.modules),
        reuse=ReuseService(home, stores.jobs),
        robustness=RobustnessService(home, stores.modules),
        samples=SampleService(home),
        sweeps=SweepService(settings, stores.jobs, stores.sweeps),
        system=SystemService(home, stores.jobs, OldEvents(stores.engine), uploads),
        tokens=TokenService(stores.tokens),
        uploads=uploads,
        webhooks=WebhookService(settings, stores.webhooks),
    )
