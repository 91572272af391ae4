"""What is learnt beside topics: the finder of alarms by meaning, who writes, and the kind."""

from __future__ import annotations

from dataclasses import dataclass

from classifiers.alarmmodel import AlarmModel
from classifiers.sharemodel import ShareModel
from rules.wire import Kind, Segment


@dataclass(frozen=True, slots=True)
class SideModels:
    """Models of one rule book; what is missing leaves the reading to phrases and signs."""

    alarms: AlarmModel | None = None
    segments: ShareModel[Segment] | None = None
    kinds: ShareModel[Kind] | None = None

    @property
    def version(self) -> str:
        """What a decision names them by; empty when there are none."""
        parts = (("alarms", self.alarms), ("segments", self.segments), ("kinds", self.kinds))
        return "".join(f"+{name}-{model.version[:8]}" for name, model in parts if model)


NONE = SideModels()
