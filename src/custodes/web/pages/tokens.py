"""Tokens for programs: one's own, a new one shown once, everybody's for who watches over them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from custodes.kernel.clock import now
from custodes.people.actions import make_token, revoke_token
from custodes.people.errors import AccountRefused
from custodes.people.queries import token_for, tokens_for, tokens_of
from custodes.people.rules import Permission
from custodes.web.sign_in import where_to_show_it_again
from custodes.web.token_forms import TokenForm
from custodes.web.viewer import viewer_of, viewer_with

if TYPE_CHECKING:
    from custodes.people.models import Token

_A_PAGE = 100


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """List the viewer's own tokens."""
    rows = [_row(each) for each in tokens_of(viewer_of(request))]
    return render(request, "custodes/tokens.html", {"rows": rows})


@require_safe
def all_of_them(request: HttpRequest) -> HttpResponse:
    """List whose tokens there are."""
    viewer = viewer_with(request, Permission.SEE_TOKENS)
    page = Paginator(tokens_for(viewer), _A_PAGE).get_page(request.GET.get("page"))
    rows = [_row(each) for each in page.object_list]
    revokes = viewer.may(Permission.MANAGE_PEOPLE)
    context = {"rows": rows, "page": page, "revokes": revokes}
    return render(request, "custodes/tokens_all.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Ask what a token is for, make it, and show it this once."""
    if to_go := where_to_show_it_again(request):
        return redirect(to_go)
    form = TokenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            token, secret = make_token(viewer_of(request), form.wanted(), at=now())
        except AccountRefused as refused:
            form.add_error(None, refused.in_full())
        else:
            shown = {"token": token, "secret": secret}
            return render(request, "custodes/token_made.html", shown, status=201)
    status = 400 if form.errors else 200
    return render(request, "custodes/token_new.html", {"form": form}, status=status)


@require_POST
def revoke(request: HttpRequest, handle: str) -> HttpResponse:
    """Have a token open nothing any more."""
    viewer = viewer_of(request)
    token = revoke_token(viewer, token_for(viewer, handle), at=now())
    messages.success(request, f"The token \u201c{token}\u201d opens nothing any more.")
    return redirect("tokens" if token.person_id == viewer.person else "all-tokens")


def _row(token: Token) -> dict[str, object]:
    at = now()
    if token.revoked_at is not None:
        kind, word = "refused", "Revoked"
    elif token.opens(at):
        kind, word = "active", "Good"
    else:
        kind, word = "quiet", "Over"
    return {"token": token, "kind": kind, "word": word, "good": token.opens(at)}
