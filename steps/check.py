"""Check: the letter against the standard, on its bytes and with the case's context (step 8)."""

from __future__ import annotations

from outbox.check.checker import check as check_letter
from outbox.compose import compose
from outbox.layout import lay_out
from registry import replies
from registry.actor import Actor
from registry.database import Session
from registry.models import Reply
from rules.wire import CheckReport, LetterContent
from steps import letter
from steps.house import House


def draft(
    actor: Actor, house: House, reply_id: int, content: LetterContent | None = None, *, layout: bool = False
) -> CheckReport:
    """Check a draft as it stands, or as it would be with new content; nothing is kept.

    Args:
        actor: Who asks.
        house: The house.
        reply_id: The reply.
        content: What the clerk is typing now; None means the newest version.
        layout: Render the PDF too, so that rules of geometry are checked; without it they say «не проверено».
    """
    with house.db.session(write=False) as session:
        reply = replies.get(actor, session, reply_id)
        shown = content or LetterContent.model_validate(replies.current(reply).content)
        return run(session, house, reply, shown, layout=layout)


def run(session: Session, house: House, reply: Reply, content: LetterContent, *, layout: bool) -> CheckReport:
    """Compose and check, in the caller's transaction."""
    with letter.clerk_errors():
        company, templates = letter.company(house), house.settings.templates
        if layout:
            laid = lay_out(content, company, templates)
            docx, pdf = laid.docx, laid.pdf
        else:
            docx, pdf = compose(content, company, templates), None
    return of_bytes(session, house, reply, content, docx, pdf, stage="draft")


def of_bytes(
    session: Session,
    house: House,
    reply: Reply,
    content: LetterContent,
    docx: bytes,
    pdf: bytes | None,
    *,
    stage: str,
) -> CheckReport:
    """Check these very bytes."""
    context = letter.context(session, house, reply, content, stage=stage)
    with letter.clerk_errors():
        return check_letter(docx, pdf=pdf, context=context, rulebook=house.letter_rules)
