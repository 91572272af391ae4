"""Letters that look alike: the list of pairs that wait for a person, and one pair side by side."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from desk.auth import Who
from desk.forms import FormError, text
from desk.render import Here, done, page
from desk.security import Posted
from steps import duplicates
from steps.views import proposals as views

router = APIRouter(include_in_schema=False)


@router.get("/proposals")
def show(request: Request, desk: Here, who: Who) -> Response:
    """Show the pairs that wait."""
    return page(request, "proposals.html", {"page": views.page(who.actor, desk.house)})


@router.get("/proposals/{proposal_id}")
def compare(request: Request, desk: Here, who: Who, proposal_id: int) -> Response:
    """Show two letters side by side."""
    return page(request, "pair.html", {"pair": views.pair(who.actor, desk.house, proposal_id)})


@router.post("/proposals/{proposal_id}")
def decide(request: Request, desk: Here, who: Who, proposal_id: int, form: Posted) -> Response:
    """Join or link the two, or say that they have nothing to do with each other."""
    decision = text(form, "decision")
    if decision == "accept":
        number, message = duplicates.accept(who.actor, desk.house, proposal_id), "предложение принято."
    elif decision == "decline":
        number, message = duplicates.decline(who.actor, desk.house, proposal_id), "письма оставлены раздельно."
    else:
        raise FormError("Выберите: это одно дело или разные.")
    target = "/proposals" if text(form, "from") == "list" else f"/appeals/{number}"
    return done(request, target, f"{number}: {message}")
