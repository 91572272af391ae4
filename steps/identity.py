"""Identity: whether the recipient of a reply is proved to be the client, from what the register knows."""

from __future__ import annotations

from classifiers.addresskeys import address_key
from classifiers.clientkeys import email_key
from classifiers.clientnames import NameFit
from classifiers.identity import Ground, Identity, IdentityFacts, judge
from registry import appeals
from registry.clients import links
from registry.clients.matching import fit
from registry.database import Session
from registry.models import Appeal, Client
from rules.wire import Channel, Sender


def identity(session: Session, appeal: Appeal, to: tuple[Channel, str] | None = None) -> Identity:
    """Whether the recipient of the reply is proved to be the client (6.11).

    ``to``: another channel and address than those by which the reply is to go now.
    """
    client = session.get(Client, appeal.client_id) if appeal.client_id else None
    author = appeals.find_author(session, appeal)
    sender = Sender.model_validate(author.fields) if author else Sender()
    name = fit(sender, client) if client else NameFit.UNKNOWN
    premises = address_key(client.confirmed_address) if client else None
    channel, address = to or (Channel(appeal.reply_channel or appeal.channel), None)
    email = address if channel is Channel.EMAIL and address else next(iter(sender.emails), None)
    written = address_key(address if channel is Channel.POST and address else sender.address)
    return judge(
        IdentityFacts(
            linked=client is not None,
            name_fits=None if name is NameFit.UNKNOWN else name not in (NameFit.DIFFERENT, NameFit.FAMILY),
            channel=Channel(appeal.channel),
            reply_channel=channel,
            reply_email=email_key(email) if email else None,
            confirmed_emails=frozenset(filter(None, map(email_key, client.confirmed_emails if client else []))),
            premises=premises is not None,
            at_home=premises is not None and written is not None and premises.same_place(written),
            decision=Ground(appeal.identity) if appeal.identity else None,
            others_data=any(alarm["code"] == links.OTHERS_DATA for alarm in appeal.alarms),
            for_another=links.account_holder(session, appeal) is not None,
        )
    )
