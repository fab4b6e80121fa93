"""What the assistant stores. `ormd` writes most of it through libpq: docs/contract/storage.md is the contract."""

from .chats import Chat, Favorite, Feedback, Message, StreamEvent
from .config import AIConfig
from .knowledge import GlossaryTerm, VerifiedQuery
from .log import LogSeal, ModelCall, QueryLog
from .published import Manifest, Policy
from .work import IdempotencyKey, Job, RateWindow

__all__ = [
    "AIConfig",
    "Chat",
    "Favorite",
    "Feedback",
    "GlossaryTerm",
    "IdempotencyKey",
    "Job",
    "LogSeal",
    "Manifest",
    "Message",
    "ModelCall",
    "Policy",
    "QueryLog",
    "RateWindow",
    "StreamEvent",
    "VerifiedQuery",
]
