"""What the parts of a manifest have in common; every text in it has a longest length.

A manifest may come from elsewhere, and what it says is listed, searched, and shown beside others.
"""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, JsonValue, StringConstraints

MAX_TEXT_LENGTH = 10_000

Title = Annotated[str, StringConstraints(max_length=1000)]
LongText = Annotated[str, StringConstraints(max_length=1_000_000)]  # with a line for each class
Share = Annotated[float, Field(ge=0, le=1)]
Count = Annotated[int, Field(ge=0, lt=2**63)]
PositiveCount = Annotated[int, Field(ge=1, lt=2**63)]
Milliseconds = Annotated[float, Field(gt=0)]


class Facts(BaseModel):
    """Base of all parts of a manifest: more fields than are named are kept as they are."""

    model_config = ConfigDict(
        frozen=True, extra="allow", serialize_by_alias=True, str_max_length=MAX_TEXT_LENGTH
    )
    __pydantic_extra__: dict[Title, JsonValue]
