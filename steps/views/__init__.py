"""What the shells show: plain values, detached from the database, with everything already said in Russian."""

from steps.views.access import AccessPage, access_file, access_journal
from steps.views.appeal import AppealCard, card, sees
from steps.views.client import ClientBox, ClientCard, ClientRow, client_card, crm_state, find_clients, person_key
from steps.views.files import FileView, document_file, held_file, page_image, reply_file
from steps.views.intake import BesideView, HeldView, RefusedView, balance, beside, held, refused
from steps.views.lag import Lags, lags
from steps.views.post import ListPage as PostListPage
from steps.views.post import ListView, PostRow, PostView, SendingRow, post, post_list
from steps.views.postpapers import post_list_file, receipt_file, sending_papers
from steps.views.reference import Reference, SignatoryOption, TopicOption, reference
from steps.views.reply import DispatchView, OverrideView, ReplyCard, reply
from steps.views.rows import AppealRow, Count, ListPage, counts, figures, queue, touch

__all__ = [
    "AccessPage",
    "AppealCard",
    "AppealRow",
    "BesideView",
    "ClientBox",
    "ClientCard",
    "ClientRow",
    "Count",
    "DispatchView",
    "FileView",
    "HeldView",
    "Lags",
    "ListPage",
    "ListView",
    "OverrideView",
    "PostListPage",
    "PostRow",
    "PostView",
    "Reference",
    "RefusedView",
    "ReplyCard",
    "SendingRow",
    "SignatoryOption",
    "TopicOption",
    "access_file",
    "access_journal",
    "balance",
    "beside",
    "card",
    "client_card",
    "counts",
    "crm_state",
    "document_file",
    "figures",
    "find_clients",
    "held",
    "held_file",
    "lags",
    "page_image",
    "person_key",
    "post",
    "post_list",
    "post_list_file",
    "queue",
    "receipt_file",
    "reference",
    "refused",
    "reply",
    "reply_file",
    "sees",
    "sending_papers",
    "touch",
]
