"""Addresses of the app."""

from __future__ import annotations

from django.urls import path

from qizhi.tasks.views import documents, duties, handlings, lists, parts, plans

app_name = "tasks"
urlpatterns = [
    path("", plans.plans, name="plans"),
    path("new/", plans.plan_new, name="plan_new"),
    path("<uuid:plan_id>/", plans.plan, name="plan"),
    path("<uuid:plan_id>/edit/", plans.plan_edit, name="plan_edit"),
    path("<uuid:plan_id>/delete/", plans.plan_delete, name="plan_delete"),
    path("items/<uuid:item_id>/cancel/", plans.item_cancel, name="item_cancel"),
    path("items/<uuid:item_id>/restore/", plans.item_restore, name="item_restore"),
    path("duties/", parts.duties, name="duties"),
    path("duties/<uuid:duty_id>/", duties.duty, name="duty"),
    path("duties/<uuid:duty_id>/edit/", duties.duty_edit, name="duty_edit"),
    path("duties/<uuid:duty_id>/withdraw/", duties.duty_withdraw, name="duty_withdraw"),
    path("duties/<uuid:duty_id>/restore/", duties.duty_restore, name="duty_restore"),
    path("duties/<uuid:duty_id>/notes/new/", duties.note_new, name="note_new"),
    path("duties/notes/<uuid:note_id>/edit/", duties.note_edit, name="note_edit"),
    path("duties/notes/<uuid:note_id>/withdraw/", duties.note_withdraw, name="note_withdraw"),
    path("duties/cascades/", duties.cascades, name="cascades"),
    path("duties/cascades/new/", duties.cascade_new, name="cascade_new"),
    path("duties/parts/<uuid:part_id>/", parts.part, name="part"),
    path("duties/parts/<uuid:part_id>/done/", parts.part_done, name="part_done"),
    path("duties/parts/<uuid:part_id>/exempt/", parts.part_exempt, name="part_exempt"),
    path("duties/parts/<uuid:part_id>/reopen/", parts.part_reopen, name="part_reopen"),
    path("duties/parts/<uuid:part_id>/extend/", parts.part_extend, name="part_extend"),
    path("duties/lists/", lists.lists, name="lists"),
    path("duties/lists/new/", lists.list_new, name="list_new"),
    path("duties/lists/<uuid:list_id>/", lists.duty_list, name="duty_list"),
    path("duties/lists/<uuid:list_id>/edit/", lists.list_edit, name="list_edit"),
    path("duties/lists/<uuid:list_id>/issue/", lists.list_issue, name="list_issue"),
    path("duties/lists/<uuid:list_id>/copy/", lists.list_copy, name="list_copy"),
    path("duties/lists/<uuid:list_id>/delete/", lists.list_delete, name="list_delete"),
    path("duties/lists/<uuid:list_id>/items/new/", lists.item_new, name="item_new"),
    path("documents/", documents.documents, name="documents"),
    path("documents/new/", documents.document_new, name="document_new"),
    path("documents/<uuid:document_id>/", documents.document, name="document"),
    path("documents/<uuid:document_id>/edit/", documents.document_edit, name="document_edit"),
    path("documents/<uuid:document_id>/done/", documents.document_done, name="document_done"),
    path("documents/<uuid:document_id>/reopen/", documents.document_reopen, name="document_reopen"),
    path("documents/<uuid:document_id>/withdraw/", documents.document_withdraw, name="document_withdraw"),
    path("documents/<uuid:document_id>/restore/", documents.document_restore, name="document_restore"),
    path("documents/<uuid:document_id>/hand-over/", handlings.hand_over, name="hand_over"),
    path("documents/<uuid:document_id>/extensions/new/", handlings.extension_new, name="extension_new"),
    path("documents/handlings/<uuid:handling_id>/edit/", handlings.handling_edit, name="handling_edit"),
    path("documents/handlings/<uuid:handling_id>/undo/", handlings.handling_undo, name="handling_undo"),
    path(
        "documents/extensions/<uuid:extension_id>/decide/",
        handlings.extension_decide,
        name="extension_decide",
    ),
    path("documents/extensions/<uuid:extension_id>/edit/", handlings.extension_edit, name="extension_edit"),
    path(
        "documents/extensions/<uuid:extension_id>/withdraw/",
        handlings.extension_withdraw,
        name="extension_withdraw",
    ),
]
