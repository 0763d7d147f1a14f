"""G4: no fact is asked twice in any two forms. Each input of each form, and the column that keeps its fact."""

from __future__ import annotations

from collections import defaultdict

from django.apps import apps

from tests.test_forbidden import _own_forms

# Each form with the row it is about. A new form fails here until somebody says whose facts it asks for.
ROWS = {
    "AccountForm": "org.Account",
    "AdmitForm": "conduct.CaseStep",
    "AppealForm": "conduct.Case",
    "AliasForm": "regulations.RegulationAlias",
    "ApproveBulletinForm": "conduct.Bulletin",
    "AskLeaveForm": "conduct.LeaveRequest",
    "AskExtensionForm": "tasks.Extension",
    "AnswerCorrectionForm": "conduct.Correction",
    "AskCorrectionForm": "conduct.Correction",
    "AttachForm": "gatherings.Attachment",
    "BankForm": "study.Bank",
    "BecauseForm": "tasks.Duty",  # the same question about a note
    "BulletinForm": "conduct.Bulletin",
    "CallForm": "culture.Call",
    "CampaignForm": "study.Campaign",
    "CancelForm": "tasks.PlanItem",
    "CaseForm": "conduct.Case",
    "CaseReviewForm": "conduct.Case",
    "ChangeBulletinForm": "conduct.Bulletin",
    "ChangeContactForm": "branch_life.Contact",
    "ChangeDecisionForm": "tasks.Extension",
    "ChangeDocumentForm": "tasks.Document",
    "ChangeExtensionForm": "tasks.Extension",
    "ChangeReportForm": "conduct.MatterReport",
    "ChangeListForm": "tasks.DutyList",
    "ChangeExclusionForm": "gatherings.VotingExclusion",
    "CorrectExemptionForm": "regulations.Exemption",
    "ChangeMethodForm": "branch_life.WorkingMethod",
    "ChangePlanForm": "tasks.Plan",
    "ChangeTaskForm": "tasks.Duty",
    "ChangeThemeDayForm": "branch_life.ThemeDay",
    "ThemeDayForm": "branch_life.ThemeDay",
    "CasesForm": "regulations.ClauseCase",
    "CheckForm": "conduct.PaperCheck",
    "ClauseForm": "regulations.Clause",
    "CloneForm": "regulations.Version",
    "BureauForm": "org.Bureau",
    "CloseForm": "org.Unit",
    "CloseFileForm": "study.YearFile",
    "ReopenFileForm": "study.YearFile",
    "CloseRiskForm": "conduct.RiskPoint",
    "ComplaintForm": "publishing.Complaint",
    "OpenComplaintForm": "publishing.Complaint",
    "CommentForm": "gatherings.Visitor",
    "CompletionForm": "study.Completion",
    "ContactForm": "branch_life.Contact",
    "CorrectTalkForm": "branch_life.Talk",
    "ContestForm": "study.Contest",
    "CorrectLeaveForm": "org.Leave",
    "CorrectJointUnitForm": "org.JointUnit",
    "CorrectTemporaryForm": "org.TemporaryBranch",
    "JointUnitForm": "org.JointUnit",
    "RemoveAspectForm": "core.AuditEvent",
    "TemporaryForm": "org.TemporaryBranch",
    "CorrectMembershipForm": "org.Membership",
    "CorrectPlacementForm": "org.Placement",
    "CorrectPostForm": "org.Post",
    "CorrectRankForm": "org.RankTenure",
    "CourseForm": "study.Course",
    "DecisionForm": "conduct.Case",
    "DespiteForm": "conduct.Case",
    "DecideLeaveForm": "conduct.LeaveRequest",
    "DecideExtensionForm": "tasks.Extension",
    "DocumentForm": "tasks.Document",
    "DoneForm": "tasks.DutyPart",
    "DropForm": "conduct.CaseStep",
    "DrawChecksForm": "conduct.PaperCheck",
    "DutyForm": "tasks.Duty",
    "EndDocumentForm": "tasks.Document",
    "EndLiaisonForm": "conduct.Liaison",
    "EditLiaisonForm": "conduct.Liaison",
    "RemoveLiaisonForm": "conduct.Liaison",
    "ExemptForm": "tasks.DutyPart",
    "ExtendForm": "tasks.DutyPart",
    "FeedForm": "web.Feed",
    "ForwardForm": "culture.Work",
    "ExclusionForm": "gatherings.VotingExclusion",
    "ExemptionForm": "regulations.Exemption",
    "FeedbackForm": "gatherings.Feedback",
    "FirstStartForm": "org.Bureau",
    "InspectionForm": "conduct.Inspection",
    "HandOverForm": "tasks.Handling",
    "HandInForm": "conduct.MatterReport",
    "InstructionForm": "gatherings.Instruction",
    "IssueForm": "reports.IssuedOverview",
    "IssueListForm": "tasks.DutyList",
    "ItemForm": "tasks.PlanItem",
    "KeyForm": "study.ContestQuestion",
    "KindForm": "gatherings.Kind",
    "LeaveForm": "org.Leave",
    "LiaisonForm": "conduct.Liaison",
    "LinkForm": "study.PlanMatch",
    "ListForm": "tasks.DutyList",
    "MakeCodeForm": "conduct.PrintedCode",
    "MembershipForm": "org.Membership",
    "MethodForm": "branch_life.WorkingMethod",
    "NewCompletionForm": "study.Completion",
    "NewCourseForm": "study.Course",
    "NewKindForm": "gatherings.Kind",
    "NewNotesForm": "study.ReadingNotes",
    "NewPersonForm": "org.Person",
    "NewRoundForm": "study.ContestRound",
    "NewSeriesForm": "gatherings.Series",
    "NewVersionForm": "regulations.Version",
    "NoteForm": "tasks.DutyNote",
    "NotesForm": "study.ReadingNotes",
    "NoticeForm": "conduct.Case",
    "ObservationForm": "conduct.Observation",
    "PostDutyForm": "conduct.PostDuty",
    "ReferralForm": "conduct.Referral",
    "CorrectReferralForm": "conduct.Referral",
    "AnswerReferralForm": "conduct.Referral",
    "WithdrawReferralForm": "conduct.Referral",
    "CorrectPostDutyForm": "conduct.PostDuty",
    "EndPostDutyForm": "conduct.PostDuty",
    "CorrectObservationForm": "conduct.Observation",
    "WithdrawObservationForm": "conduct.Observation",
    "ReopenInspectionForm": "core.AuditEvent",
    "OpinionForm": "conduct.Opinion",
    "OwnAppealForm": "conduct.Case",
    "OwnPasswordForm": "org.Account",
    "OwnStatementForm": "conduct.Case",
    "PaperForm": "regulations.CalendarPaper",
    "OpenAgainForm": "regulations.PeriodClose",
    "RemovePaperForm": "core.AuditEvent",
    "PeriodForm": "regulations.PeriodClose",
    "PersonForm": "org.Person",
    "PhaseForm": "study.CampaignPhase",
    "PlacementForm": "org.Placement",
    "PlanForm": "tasks.Plan",
    "PostForm": "org.Post",
    "ProposeForm": "conduct.PaperCheck",
    "QuestionForm": "study.BankQuestion",
    "RankForm": "org.RankTenure",
    "RecordForm": "gatherings.Gathering",
    "RegisterLeaveForm": "conduct.LeaveRequest",
    "ReopenForm": "publishing.Reply",
    "ReportForm": "conduct.MatterReport",
    "RemoveRowForm": "core.AuditEvent",
    "RegulationForm": "regulations.Regulation",
    "RenameForm": "org.Unit",
    "ReturnLeaveForm": "conduct.LeaveRequest",
    "ReviewForm": "branch_life.MethodReview",
    "ReviewRiskForm": "conduct.RiskPoint",
    "RiskForm": "conduct.RiskPoint",
    "ResetPasswordForm": "org.Account",
    "ResourceForm": "study.Resource",
    "RevokeForm": "regulations.Finding",
    "WithdrawExemptionForm": "regulations.Exemption",
    "ResourcesForm": "study.ResourceLink",
    "SampleForm": "conduct.SampleDraw",
    "SeriesForm": "gatherings.Series",
    "StatementForm": "conduct.Case",
    "TalksForm": "branch_life.Talk",
    "TaskForm": "tasks.Duty",
    "TopicForm": "study.CampaignTopic",
    "RotaForm": "tasks.PlanItem",
    "RoundForm": "study.ContestRound",
    "RunForm": "regulations.Run",
    "TeamAnswerForm": "study.TeamAnswer",
    "TeamsForm": "study.ContestTeam",
    "UnitForm": "org.Unit",
    "UseForm": "branch_life.MethodUse",
    "VersionForm": "regulations.Version",
    "VoidLeaveForm": "core.AuditEvent",
    "VoteForm": "gatherings.Resolution",
    "WithdrawDocumentForm": "tasks.Document",
    "WithdrawForm": "gatherings.Gathering",
    "WithdrawWorkForm": "culture.Work",
    "WordForm": "study.CampaignMatch",
    "WorkForm": "culture.Work",
    "WorkKindForm": "culture.WorkKind",
    "NewWorkKindForm": "culture.WorkKind",
    "branch_life.EndForm": "branch_life.WorkingMethod",
    "gatherings.TemplateForm": "gatherings.Template",
    "publishing.AnswerForm": "publishing.Reply",
    "reports.TemplateForm": "reports.OverviewTemplate",
}
# They ask what to show, who is there, or for a file; none of it is kept as a fact.
QUESTIONS = {
    "AgendaForm",
    "CodeForm",
    "DrawForm",
    "ReckoningForm",
    "FiguresForm",
    "RowsForm",
    "LogInForm",
    "OpenOwnPageForm",
    "UploadForm",
    "RestoreForm",
    "_GalleryForm",
}
# Parts of other forms, and the end of any dated row, which is that row's own `to_on`.
PARTS = {
    "_AspectForm",
    "_MonthsForm",
    "FindsPeople",
    "NamesPeople",
    "_BaseDutyForm",
    "_TalkForm",
    "_TermForm",
    "_DaysForm",
    "ChangeForm",
    "_CorrectionForm",
    "_LinkForm",
    "NewMixin",
    "BeginForm",
    "org.EndForm",
    "ChangeExemptionForm",
    "GivenTogether",
}
# Inputs that say nothing of the world: keys against double clicks, what the person had seen, how to draw the page.
NO_FACT = {"id", "seen", "base_version", "chair_preset", "shown_for", "insert_line", "insert_span", "raw"}
NO_FACT |= {"is_joined"}  # how far a correction reaches
# Inputs that do not bear the name of their column: the fact, and the row that keeps it.
COLUMNS = {
    "HandInForm.people": "conduct.MatterReport.person",
    "HandInForm.pasted": "conduct.MatterReport.person",
    "DrawChecksForm.kinds": "conduct.PaperCheck.kind",
    "DrawChecksForm.seed": "conduct.PaperCheck.draw",
    "ProposeForm.names": "conduct.PaperCheck.person",
    "ProposeForm.kinds": "conduct.PaperCheck.kind",
    "MakeCodeForm.code": "conduct.PrintedCode.hash",
    "MakeCodeForm.days": "conduct.PrintedCode.expires_on",
    "RecordForm.month": "gatherings.Gathering.held_on",  # the same day, as far as it is known
    "RecordForm.lecturers": "gatherings.Lecturer.person",
    "RecordForm.auditors": "gatherings.Visitor.person",
    "RecordForm.guests": "gatherings.Visitor.guest_name",
    "RecordForm.attachments": "gatherings.Attachment.content",
    "RecordForm.excused_names": "gatherings.RollEntry.state",
    "RecordForm.absent_names": "gatherings.RollEntry.state",
    "RecordForm.made_up_names": "gatherings.RollEntry.state",
    "AttachForm.attachments": "gatherings.Attachment.content",
    "WithdrawWorkForm.because": "culture.Work.withdrawn_because",
    "WithdrawForm.reason": "gatherings.Gathering.withdrawn_because",
    **{f"FeedbackForm.{name}": "gatherings.Feedback.shown" for name in ("word", "line")},
    "FeedbackForm.token": "gatherings.Feedback.tokens",
    "ResourcesForm.resources": "study.ResourceLink.resource",
    "RevokeForm.because": "regulations.Finding.closed_because",
    "WithdrawExemptionForm.because": "regulations.Exemption.withdrawn_because",
    "RemovePaperForm.because": "core.AuditEvent.after",
    "OpenAgainForm.because": "core.AuditEvent.after",  # the settled months go, the log keeps why
    **{f"{form}.because": "core.AuditEvent.after" for form in ("RemoveRowForm", "VoidLeaveForm")},
    "RemoveAspectForm.because": "core.AuditEvent.after",
    "RemoveLiaisonForm.because": "core.AuditEvent.after",
    "CancelForm.because": "tasks.PlanItem.cancelled_because",
    "BecauseForm.because": "tasks.Duty.withdrawn_because",
    "ListForm.lines": "tasks.Duty.text",
    **{f"{form}.units": "tasks.DutyPart.unit" for form in ("ListForm", "ChangeListForm")},
    **{f"{form}.units": "tasks.DutyPart.unit" for form in ("TaskForm", "ChangeTaskForm")},
    "BulletinForm.period": "conduct.Bulletin.number",
    "DecideLeaveForm.verdict": "conduct.LeaveRequest.status",
    "DocumentForm.handler": "tasks.Handling.person",
    "EndDocumentForm.on": "tasks.Document.done_on",
    "WithdrawDocumentForm.because": "tasks.Document.withdrawn_because",
    "HandOverForm.handler": "tasks.Handling.person",
    "HandOverForm.on": "tasks.Handling.from_on",
    "DoneForm.on": "tasks.DutyPart.settled_on",
    "DoneForm.is_unlinked": "tasks.DutyPart.link_address",
    "ExemptForm.on": "tasks.DutyPart.settled_on",
    "ExemptForm.how": "tasks.DutyPart.settled_as",
    "ExtendForm.until": "tasks.DutyPart.extended_to",
    "ExtendForm.because": "tasks.DutyPart.extended_because",
    "CloseForm.last_day": "org.Unit.to_on",
    "ReopenFileForm.because": "study.YearFile.reopened_because",
    "ContactForm.units": "branch_life.Contact.unit",
    "ExemptionForm.units": "regulations.Exemption.unit",
    "ExemptionForm.alike": "regulations.Exemption.clause",
    "TalksForm.others": "branch_life.Talk.other",
    "branch_life.EndForm.last_day": "branch_life.WorkingMethod.to_on",
    "gatherings.TemplateForm.rule": "gatherings.Template.day_rule",
    "gatherings.TemplateForm.rule_day": "gatherings.Template.day_rule",
    "CasesForm.text": "regulations.ClauseCase.given",
    "ComplaintForm.code": "publishing.Complaint.code_digest",
    "OpenComplaintForm.code": "publishing.Complaint.code_digest",
    "ComplaintForm.is_unsigned": "publishing.Complaint.sent_by",
    "ReopenForm.because": "publishing.Reply.text",
    "KeyForm.answer": "study.ContestQuestion.right",
    "KeyForm.because": "study.ContestQuestion.corrected_because",
    "NewRoundForm.source": "study.ContestQuestion.source",
    "NewRoundForm.number": "study.ContestQuestion.position",
    "TeamsForm.teams": "study.ContestTeam.name",
    "QuestionForm.answer": "study.BankQuestion.right",
    "FeedForm.token": "web.Feed.token_digest",
    "BureauForm.from_on": "org.Unit.from_on",
    "FirstStartForm.founded_on": "org.Unit.from_on",
    "FirstStartForm.officer_name": "org.Person.name",
    "FirstStartForm.staff_no": "org.Person.staff_no",
    "FirstStartForm.username": "org.Account.username",
    **{f"OwnPasswordForm.{name}": "org.Account.password" for name in ("old", "new", "again")},
    "FirstStartForm.password": "org.Account.password",
    "AdmitForm.is_admitted": "conduct.CaseStep.kind",
    "AdmitForm.reason": "conduct.CaseStep.text",
    "DropForm.reason": "conduct.CaseStep.text",
    "CaseForm.despite": "conduct.Case.excuses",
    "DespiteForm.despite": "conduct.Case.excuses",
    # What was seen is corrected by the same words; the log keeps why, and why an inspection was opened again.
    "CorrectObservationForm.because": "core.AuditEvent.after",
    "CorrectReferralForm.because": "core.AuditEvent.after",
    "WithdrawReferralForm.because": "conduct.Referral.withdrawn_because",
    "CorrectPostDutyForm.because": "core.AuditEvent.after",
    "ReopenInspectionForm.because": "core.AuditEvent.after",
    "WithdrawObservationForm.because": "conduct.Observation.withdrawn_because",
}
# The life of one row: what is asked when it is made may be corrected, by the same words, on another page.
LIVES = [
    {"PersonForm", "NewPersonForm"},
    {"LiaisonForm", "EditLiaisonForm", "EndLiaisonForm"},
    {"UnitForm", "RenameForm"},
    {"TemporaryForm", "CorrectTemporaryForm"},
    {"JointUnitForm", "CorrectJointUnitForm"},
    *({f"{row}Form", f"Correct{row}Form"} for row in ("Leave", "Membership", "Placement", "Post", "Rank")),
    # Why a row went that was entered by mistake: of each row once, on one of these pages.
    {
        "RemoveRowForm",
        "RemoveAspectForm",
        "VoidLeaveForm",
        "RemoveLiaisonForm",
        "OpenAgainForm",
        "RemovePaperForm",
        "CorrectObservationForm",
        "ReopenInspectionForm",
        "CorrectPostDutyForm",
        "CorrectReferralForm",
    },
    {"ObservationForm", "CorrectObservationForm"},
    {"PostDutyForm", "CorrectPostDutyForm"},
    {"ReferralForm", "CorrectReferralForm"},
    {"PlanForm", "ChangePlanForm"},
    # The rota adds an item to a plan; it is corrected in the form of the plan.
    {"ItemForm", "RotaForm"},
    # A list is written in lines, its items are corrected one by one; a task of its own stands in no list.
    {"ListForm", "ChangeListForm", "DutyForm", "TaskForm", "ChangeTaskForm"},
    # The first hands come with the document; a hand-over, and its correction, is another row of the same kind.
    {"DocumentForm", "ChangeDocumentForm", "HandOverForm"},
    {"AskExtensionForm", "ChangeExtensionForm", "DecideExtensionForm", "ChangeDecisionForm"},
    # One part is either done or need not be.
    {"DoneForm", "ExemptForm"},
    {"MethodForm", "ChangeMethodForm"},
    # A yearly report or one of a change, and its day when it comes later or was wrong.
    {"HandInForm", "ChangeReportForm", "ReportForm"},
    # Checks begin by chance or by a proposal: no person has both on one day.
    {"DrawChecksForm", "ProposeForm"},
    {"RiskForm", "ReviewRiskForm"},
    # The same words of the same person, who has an account or a code on paper.
    {"StatementForm", "OwnStatementForm"},
    {"AppealForm", "OwnAppealForm"},
    # One from a person with an account, one from somebody without.
    {"ComplaintForm", "OpenComplaintForm"},
    {"ContactForm", "ChangeContactForm"},
    {"TalksForm", "CorrectTalkForm"},
    {"ExclusionForm", "ChangeExclusionForm"},
    {"ExemptionForm", "CorrectExemptionForm"},
    {"ThemeDayForm", "ChangeThemeDayForm"},
    {"KindForm", "NewKindForm"},
    {"WorkKindForm", "NewWorkKindForm"},
    {"CourseForm", "NewCourseForm"},
    {"RoundForm", "NewRoundForm"},
    {"CompletionForm", "NewCompletionForm"},
    {"NotesForm", "NewNotesForm"},
    {"SeriesForm", "NewSeriesForm"},
    {"VersionForm", "NewVersionForm", "CloneForm"},
    {"BulletinForm", "ChangeBulletinForm"},
    # Leave is asked for by the person or, from a paper, by the office; a paper may be decided already.
    {"AskLeaveForm", "RegisterLeaveForm", "DecideLeaveForm"},
    # An answer, and what it left open: two replies of two people.
    {"publishing.AnswerForm", "ReopenForm"},
    # A draft is given up, or a late appeal is admitted: two steps, each with its own words.
    {"AdmitForm", "DropForm"},
    # A case is drafted by hand, or of what is known already but for the reason to go on.
    {"CaseForm", "DespiteForm"},
    # Files may come with the record or later: either is the one time.
    {"RecordForm", "AttachForm"},
    # The first page of an empty copy; it never appears again, and asks of one person only.
    {"FirstStartForm", "UnitForm", "RenameForm"},
    # The bureau is named there, and corrected on its own page; units below it are not.
    {"FirstStartForm", "BureauForm"},
    {"BureauForm", "UnitForm", "RenameForm"},
    {"FirstStartForm", "PersonForm", "NewPersonForm"},
    {"FirstStartForm", "AccountForm", "OwnPasswordForm", "ResetPasswordForm"},
]
# What follows from other rows and is therefore asked nowhere.
DERIVED = {
    "gatherings.Gathering.is_recorded_late",
    "gatherings.Gathering.recorded_at",
    "gatherings.Gathering.recorded_by",
    "gatherings.LedgerEntry.ledger",
    "gatherings.LedgerEntry.held_on",
    "org.Unit.path",
    "reports.IssuedOverview.content",
}


def inventory() -> dict[str, set[str]]:
    """Each fact, with the forms that ask for it."""
    found = defaultdict(set)
    for form in _own_forms():
        name = _name(form)
        if name in QUESTIONS | PARTS:
            continue
        for field in form.base_fields:
            if field not in NO_FACT:
                found[COLUMNS.get(f"{name}.{field}", f"{ROWS[name]}.{field}")].add(name)
    return found


def _name(form: type) -> str:
    """The name of a form; with its app where two have the same."""
    full = f"{form.__module__.split('.')[1]}.{form.__name__}"
    return full if full in ROWS or full in PARTS else form.__name__


def test_every_form_is_known():
    names = {_name(form) for form in _own_forms()}
    assert names - set(ROWS) - QUESTIONS - PARTS == set()
    assert set(ROWS) - names == set()


def test_every_input_has_the_column_that_keeps_it():
    missing = []
    for fact in inventory():
        app, model, column = fact.split(".")
        columns = {field.name for field in apps.get_model(app, model)._meta.get_fields()}
        if column not in columns:
            missing.append(fact)
    assert missing == []


def test_g4_no_fact_is_asked_twice(tell):
    facts = inventory()
    twice = {
        fact: sorted(names)
        for fact, names in facts.items()
        if len(names) > 1
        and not all(
            any({one, other} <= life for life in LIVES) for one in names for other in names if one != other
        )
    }
    assert twice == {}
    forms = {name for names in facts.values() for name in names}
    tell("G4", f"{len(facts)} facts in {len(forms)} forms, none asked twice")


def test_what_follows_from_other_rows_is_asked_nowhere():
    assert DERIVED & set(inventory()) == set()
    for fact in DERIVED:
        app, model, column = fact.split(".")
        assert apps.get_model(app, model)._meta.get_field(column)
