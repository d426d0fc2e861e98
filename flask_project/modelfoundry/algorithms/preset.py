"""Named settings to start a search from; no torch here."""

from typing import Generic, TypeVar

from pydantic import BaseModel, ConfigDict

Config = TypeVar("Config", bound=BaseModel)


class Preset(BaseModel, Generic[Config]):
    """A named starting point for the settings of an algorithm."""

    model_config = ConfigDict(frozen=True)

    name: str
    title: str
    description: str
    config: Config
