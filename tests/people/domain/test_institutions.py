import datetime

import pytest

from elearn.core.models import AuditEvent
from elearn.people.domain import institutions
from elearn.people.domain.institutions import InstitutionRefused
from elearn.people.enums import InstitutionKind, InstitutionState
from elearn.people.models import Institution, Membership, User
from tests.factories.people import ActionFactory, InstitutionFactory, MembershipFactory


def propose(person: User, name: str = "Ministry of Interior", country: str = "KE") -> Institution:
    return institutions.propose(person=person, name=name, kind=InstitutionKind.MINISTRY, country=country)


def test_search_finds_names_whatever_their_accents(db: None) -> None:
    wanted = InstitutionFactory(name="Ministério da Administração Interna")
    InstitutionFactory(name="Ministry of Health")
    arabic = InstitutionFactory(name="وِزارة الداخليّة")
    everything = Institution.objects.known()
    assert institutions.search(everything, "administracao ministerio") == [wanted]
    assert institutions.search(everything, "وزارة الداخلية") == [arabic]
    assert institutions.search(everything, "nothing like it") == []


@pytest.mark.parametrize("how_many", [1, 3])
def test_search_takes_two_queries(db: None, django_assert_num_queries, how_many: int) -> None:
    for number in range(how_many):
        InstitutionFactory(name=f"Border Service {number}")
    with django_assert_num_queries(2):
        assert len(institutions.search(Institution.objects.known(), "border")) == how_many


def test_nearly_the_same_name_in_the_country_is_shown(db: None) -> None:
    near = InstitutionFactory(name="Ministry of the Interior", country="KE")
    InstitutionFactory(name="Ministry of the Interior", country="TN")
    InstitutionFactory(name="Municipality of Nakuru", country="KE")
    assert institutions.alike(Institution.objects.known(), "Ministry of Interior", "KE") == [near]


def test_proposal_is_seen_by_its_proposer_alone(learner: User, stranger: User) -> None:
    proposal = propose(learner)
    assert propose(learner) == proposal
    assert (proposal.state, proposal.proposed_by) == (InstitutionState.PROPOSED, learner)
    assert list(Institution.objects.claimable_by(learner)) == [proposal]
    assert list(Institution.objects.claimable_by(stranger)) == []
    with pytest.raises(InstitutionRefused, match="proposed before"):
        propose(stranger)


def test_proposing_what_is_known_is_refused(learner: User) -> None:
    InstitutionFactory(name="Ministry of Interior", country="KE")
    with pytest.raises(InstitutionRefused, match="known here already"):
        propose(learner, name="ministry of INTERIOR")


def test_accepted_proposal_is_known_to_everybody(learner: User, stranger: User, manager: User) -> None:
    proposal = propose(learner)
    institutions.accept(institution=proposal, by=manager)
    institutions.accept(institution=proposal, by=manager)
    assert list(Institution.objects.claimable_by(stranger)) == [proposal]
    assert list(AuditEvent.objects.values_list("action", flat=True)) == ["people.institution_accepted"]


def test_merging_moves_memberships_with_their_history(learner: User, stranger: User, manager: User) -> None:
    proposal, target = propose(learner), InstitutionFactory(name="Ministry of the Interior", country="KE")
    running = MembershipFactory(person=learner, institution=proposal, post="Clerk")
    ended = MembershipFactory(person=stranger, institution=proposal, ends_on=datetime.date(2025, 2, 1))
    assert institutions.merge(institution=proposal, into=target, by=manager) == 2
    assert set(Membership.objects.filter(institution=target)) == {running, ended}
    proposal.refresh_from_db()
    assert (proposal.state, proposal.merged_into) == (InstitutionState.MERGED, target)
    assert list(Institution.objects.claimable_by(learner)) == [target]
    with pytest.raises(InstitutionRefused, match="proposed can be merged"):
        institutions.merge(institution=proposal, into=target, by=manager)


def test_merging_is_refused_when_a_membership_would_be_lost(learner: User, manager: User) -> None:
    proposal, target = propose(learner), InstitutionFactory()
    MembershipFactory(person=learner, institution=proposal)
    MembershipFactory(person=learner, institution=target)
    with pytest.raises(InstitutionRefused, match="1 person has a membership in both"):
        institutions.merge(institution=proposal, into=target, by=manager)
    assert Membership.objects.filter(institution=proposal).count() == 1


def test_merging_is_refused_when_other_records_name_it(learner: User, manager: User) -> None:
    proposal, target = propose(learner), InstitutionFactory()
    ActionFactory().institutions.add(proposal)
    with pytest.raises(InstitutionRefused, match="Other records name it: action"):
        institutions.merge(institution=proposal, into=target, by=manager)
    proposal.refresh_from_db()
    assert proposal.state == InstitutionState.PROPOSED


def test_merging_into_a_proposal_is_refused(learner: User, stranger: User, manager: User) -> None:
    with pytest.raises(InstitutionRefused, match="known institution"):
        institutions.merge(institution=propose(learner), into=propose(stranger, name="Other"), by=manager)


def test_declined_proposal_is_offered_to_nobody(learner: User, manager: User) -> None:
    proposal = propose(learner)
    institutions.decline(institution=proposal, by=manager)
    assert list(Institution.objects.claimable_by(learner)) == []


@pytest.mark.parametrize("domain", ["gmail.com", "mail.yahoo.com", "no domain at all!", "com", "-x.example", "a..b"])
def test_domain_that_proves_nothing_is_refused(domain: str) -> None:
    with pytest.raises(InstitutionRefused):
        institutions.clean_domains(domain)


def test_domains_are_kept_in_lower_case_and_once() -> None:
    assert institutions.clean_domains("@Interior.Example,\n police.example interior.example") == [
        "interior.example",
        "police.example",
    ]


@pytest.mark.parametrize(
    ("address", "proved_by"),
    [
        ("a@interior.example", "interior.example"),
        ("a@North.Interior.example", "interior.example"),
        ("a@notinterior.example", ""),
        ("a@interior.example.org", ""),
        ("interior.example@other.org", ""),
        ("a@gmail.com", ""),
        ("", ""),
    ],
)
def test_address_proves_by_its_domain_or_one_beneath(db: None, address: str, proved_by: str) -> None:
    institution = InstitutionFactory(email_domains=["interior.example", "gmail.com"])
    assert institutions.domain_that_proves(institution, address) == proved_by


def test_proposed_institution_proves_nothing(learner: User) -> None:
    proposal = propose(learner)
    proposal.email_domains = ["interior.example"]
    assert institutions.domain_that_proves(proposal, "a@interior.example") == ""


def test_change_of_an_institution_is_recorded_once(manager: User, institution: Institution) -> None:
    facts = {"name": "Border Service", "kind": InstitutionKind.BORDER_SERVICE, "country": "KE", "parent": None}
    for _twice in range(2):
        institutions.change_institution(institution=institution, domains=["border.example"], by=manager, **facts)
    assert (institution.name, institution.email_domains) == ("Border Service", ["border.example"])
    assert AuditEvent.objects.count() == 1
    InstitutionFactory(name="Other", country="KE")
    with pytest.raises(InstitutionRefused, match="this name"):
        institutions.change_institution(institution=institution, domains=[], by=manager, **(facts | {"name": "Other"}))
