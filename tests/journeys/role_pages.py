"""The tables of tests/journeys/test_role_matrix.py: who opens which address of the site, and what a form there does.

How to read them is said in role_tables.py; what the marks mean, in the test.
"""

PAGES = """
# For everybody
==== ===== == ======= ====   /
++++ +++++ ++ +++++++ ++++   /healthz
++++ +++++ ++ +++++++ ++++   /readyz
---- ----- -- ------- ----   /metrics
++++ +++++ ++ +++++++ ++++   /verify/
++++ +++++ ++ +++++++ ++++   /verify/{north.certificate.serial}/
++++ +++++ ++ +++++++ ++++   /verify/{south.certificate.serial}/
++++ +++++ ++ +++++++ ++++   /privacy/
++++ +++++ ++ +++++++ ++++   /privacy/1/
>--- ----- -- ------- ----   /en/programme/
++++ +++++ ++ +++++++ ++++   {north.picture.file.url}
---- ----- -- ------- ----   /media/{north.handout.file.name}
++++ +++++ ++ +++++++ ++++   /en/
++++ +++++ ++ +++++++ ++++   /en/courses/
++++ +++++ ++ +++++++ ++++   {north.page.url}
++++ +++++ ++ +++++++ ++++   {north.module.url}
>--- ----- -- ------- ----   /_util/login/
>--- ----- -- ------- ----   /en/_util/login/
---- ----- -- ------- ----   /en/_util/authenticate_with_password/1/{north.page.pk}/
---- ----- -- ------- ----   /en/_util/authenticate_with_password/2/{south.page.pk}/

# One's own account
>=== ===== == ======= ====   /privacy/accept/
>+++ +++++ ++ +++++++ ++++   /accounts/profile/
>+++ +++++ ++ +++++++ ++++   /accounts/profile/posts/add/
>+++ +++++ ++ +++++++ ++++   /accounts/profile/posts/add/{north.institution.public_id}/
>--- ----- -- ------- ----   /accounts/profile/posts/add/{world.proposal.public_id}/
>+++ +++++ ++ +++++++ ++++   /accounts/profile/posts/propose/
>--+ ----- -- ------- ----   /accounts/profile/posts/{north.membership.public_id}/end/
>--- ----- -- ------- ----   /accounts/profile/posts/{south.membership.public_id}/end/
>+++ +++++ ++ +++++++ ++++   /accounts/mail/
++++ +++++ ++ +++++++ ++++   /mail/stop/{stop_north}/
++++ +++++ ++ +++++++ ++++   /mail/stop/{stop_south}/
>+++ +++++ ++ +++++++ ++++   /accounts/seen/
>+++ +++++ ++ +++++++ ++++   /accounts/privacy/
==== ===== == ======= ====   /accounts/privacy/export/
>--+ ----- -- ------- ----   /accounts/privacy/export/{north.export.public_id}/
>--- ----- -- ------- ----   /accounts/privacy/export/{south.export.public_id}/
==== ===== == ======= ====   /accounts/privacy/erase/
==== ===== == ======= ====   /accounts/privacy/keep/
>+++ +++++ ++ +++++++ ++++   /accounts/email/
>+++ +++++ ++ +++++++ ++++   /accounts/2fa/
>+++ +++++ ++ +++++++ ++++   /accounts/sessions/
---- ----- -- ------- ----   /accounts/institution/unknown/login/
>--- ----- -- ------- ----   /accounts/2fa/webauthn/keys/{south.passkey.pk}/remove/
>--- ----- -- ------- ----   /accounts/2fa/webauthn/keys/{south.passkey.pk}/edit/

# Other people
>--- ----- ++ ------- ++++   /en/people/members/
>--- ----- ++ ------- ++++   /en/people/members/?q=clara
>--- ----- ++ ------- ++++   /en/people/members/?institution={north.institution.public_id}
>--- ----- ++ ------- ++++   /en/people/members/?institution={south.institution.public_id}
>--- ----- +- ------- ++-+   /en/people/members/{north.membership.public_id}/
>--- ----- -+ ------- +-++   /en/people/members/{south.membership.public_id}/
>--- ----- +- ------- ++-+   /en/people/members/{north.claim.public_id}/
>--- ----- -+ ------- +-++   /en/people/members/{south.claim.public_id}/
>--- ----- +- ------- ++-+   /en/people/{north.person.public_id}/
>--- ----- -+ ------- +-++   /en/people/{south.person.public_id}/
# A claim opens no record.
>--- ----- -- ------- +--+   /en/people/{north.claim.person.public_id}/
>--- ----- -- ------- +--+   /en/people/{south.claim.person.public_id}/
>--- ----- -- ------- ++-+   /en/people/{north.person.public_id}/trail/
>--- ----- -- ------- +-++   /en/people/{south.person.public_id}/trail/
==== ===== == ======= ====   /en/people/{north.person.public_id}/account/
==== ===== == ======= ====   /en/people/{south.person.public_id}/account/
>--- ----- -- ------- ++++   /en/people/roles/
>--- ----- -- ------- ++++   /en/people/roles/?q=fay
>--- ----- -- ------- ++++   /en/people/roles/grant/
==== ===== == ======= ====   /en/people/roles/{north.focal_grant.public_id}/end/
==== ===== == ======= ====   /en/people/roles/{south.focal_grant.public_id}/end/
>--- ----- -- ------- +--+   /en/people/institutions/
>--- ----- -- ------- +--+   /en/people/institutions/add/
>--- ----- +- ------- ++-+   /en/people/institutions/{north.institution.public_id}/
>--- ----- -+ ------- +-++   /en/people/institutions/{south.institution.public_id}/
>--- ----- -- ------- +--+   /en/people/institutions/{world.proposal.public_id}/
==== ===== == ======= ====   /en/people/institutions/{world.proposal.public_id}/decide/
==== ===== == ======= ====   /en/people/institutions/{north.institution.public_id}/decide/
>--- ----- -- ------- ++++   /en/people/actions/
>--- ----- -- ------- +--+   /en/people/actions/add/
>--- ----- -- ------- ++-+   /en/people/actions/{north.action.public_id}/
>--- ----- -- ------- +-++   /en/people/actions/{south.action.public_id}/
>--- ----- -- ------- +--+   /privacy/publish/

# Learning
>+++ +++++ ++ +++++++ ++++   /en/desk/
>+++ +++++ ++ +++++++ ++++   /en/notes/
==== ===== == ======= ====   /en/learn/{north.course.key}/enrol/
==== ===== == ======= ====   /en/learn/{south.course.key}/enrol/
>--+ ----- -- ------- ----   /en/learn/{north.newer.key}/move-up/
>--- ----- -- ------- ----   /en/learn/{south.newer.key}/move-up/
>--+ ----- -- ------- ----   /en/learn/{north.course.key}/notes/
>--- ----- -- ------- ----   /en/learn/{south.course.key}/notes/
>--+ ----- -- ------- ----   /en/learn/{north.course.key}/notes/download/
>--- ----- -- ------- ----   /en/learn/{south.course.key}/notes/download/
>==+ ++=+= == ++=+=++ +==+   /en/learn/{north.course.key}/glossary/
>=== +=+== == +=++++= +==+   /en/learn/{south.course.key}/glossary/
>==+ ++=+= == ++=+=++ +==+   {north.lesson.url}
>=== +=+== == +=++++= +==+   {south.lesson.url}
>==+ ++=+= == ++=+=++ +==+   {north.quiz.url}
>=== +=+== == +=++++= +==+   {south.quiz.url}
>==+ ++=+= == ++=+=++ +==+   {north.answered_survey.url}
>=== +=+== == +=++++= +==+   {south.answered_survey.url}
---- ----- -- ------- ----   {north.module.url}draft/
>--+ ++-+- -- ++-+-++ +--+   /en/learn/units/{north.lesson.translation_key}/files/{north.handout.pk}/
>--- +-+-- -- +-++++- +--+   /en/learn/units/{south.lesson.translation_key}/files/{south.handout.pk}/
>--- ----- -- ------- ----   /en/learn/units/{north.lesson.translation_key}/files/{south.handout.pk}/
==== ===== == ======= ====   /en/learn/units/{north.lesson.translation_key}/complete/
==== ===== == ======= ====   /en/learn/units/{south.lesson.translation_key}/complete/
==== ===== == ======= ====   /en/learn/units/{north.lesson.translation_key}/notes/r1/
==== ===== == ======= ====   /en/learn/units/{south.lesson.translation_key}/notes/r1/

# Quizzes and certificates: the learner's own, and nobody else's whatever their role
==== ===== == ======= ====   /en/quizzes/{north.second_quiz.translation_key}/start/
==== ===== == ======= ====   /en/quizzes/{south.second_quiz.translation_key}/start/
>--+ ----- -- ------- ----   /en/attempts/{north.attempt.public_id}/
>--- ----- -- ------- ----   /en/attempts/{south.attempt.public_id}/
==== ===== == ======= ====   /en/attempts/{north.attempt.public_id}/answers/{north.question[key]}/
==== ===== == ======= ====   /en/attempts/{south.attempt.public_id}/answers/{south.question[key]}/
>--+ ----- -- ------- ----   /en/attempts/{north.attempt.public_id}/submit/
>--- ----- -- ------- ----   /en/attempts/{south.attempt.public_id}/submit/
>--+ ----- -- ------- ----   /en/attempts/{north.submitted.public_id}/result/
>--- ----- -- ------- ----   /en/attempts/{south.submitted.public_id}/result/
>--+ ----- -- ------- ----   /en/attempts/{north.attempt.public_id}/clock/
>--- ----- -- ------- ----   /en/attempts/{south.attempt.public_id}/clock/
==== ===== == ======= ====   /en/surveys/{north.survey.translation_key}/answer/
==== ===== == ======= ====   /en/surveys/{south.survey.translation_key}/answer/
>--+ ----- -- ------- ----   /en/attempts/{north.submitted.public_id}/receipt/
>--- ----- -- ------- ----   /en/attempts/{south.submitted.public_id}/receipt/
>--+ ----- -- ------- ----   /en/attempts/{north.submitted.public_id}/receipt/code.svg
>--- ----- -- ------- ----   /en/attempts/{south.submitted.public_id}/receipt/code.svg
>==+ ++=+= == ++=+=++ +==+   {north.practical.url}
>=== +=+== == +=++++= +==+   {south.practical.url}
==== ===== == ======= ====   /en/practicals/{north.practical.translation_key}/begin/
==== ===== == ======= ====   /en/practicals/{south.practical.translation_key}/begin/
>--+ ----- -- ------- ----   /en/hand-ins/{north.hand_in.public_id}/
>--- ----- -- ------- ----   /en/hand-ins/{south.hand_in.public_id}/
>--+ ----- -- ------- ----   /en/hand-ins/{north.hand_in.public_id}/confirm/
>--- ----- -- ------- ----   /en/hand-ins/{south.hand_in.public_id}/confirm/
==== ===== == ======= ====   /en/hand-ins/{north.hand_in.public_id}/text/
==== ===== == ======= ====   /en/hand-ins/{south.hand_in.public_id}/text/
==== ===== == ======= ====   /en/hand-ins/{north.hand_in.public_id}/files/add/
==== ===== == ======= ====   /en/hand-ins/{south.hand_in.public_id}/files/add/
==== ===== == ======= ====   /en/hand-ins/{north.hand_in.public_id}/files/{north.file.public_id}/remove/
==== ===== == ======= ====   /en/hand-ins/{south.hand_in.public_id}/files/{south.file.public_id}/remove/
# What was handed in: for those too who may mark it.
>--+ ++--+ -- ------- +--+   /en/hand-ins/files/{north.file.public_id}/
>--- +-+-+ -- ------- +--+   /en/hand-ins/files/{south.file.public_id}/

# Sessions that somebody observed: for whoever wrote about them, and the person whom it is about
>--- +++++ -- ------- ++++   /en/observations/
>--- ===== -- ------- ====   /en/observations/add/
==== ===== == ======= ====   /en/observations/practical/
>--- ++==+ -- ------- +==+   /en/observations/add/?cohort={north.observation.cohort.public_id}
>--- +=+=+ -- ------- +==+   /en/observations/add/?cohort={south.observation.cohort.public_id}
>+++ +++++ ++ +++++++ ++++   /en/observations/of-me/
>--+ ----- -- ------- ----   /en/observations/{north.observation.public_id}/
>--- ----- -- ------- ----   /en/observations/{south.observation.public_id}/

>--+ ----- -- ------- ----   /en/certificates/{north.certificate.serial}/
>--- ----- -- ------- ----   /en/certificates/{south.certificate.serial}/
>--+ ----- -- ------- ----   /en/certificates/{north.certificate.serial}/download/
>--- ----- -- ------- ----   /en/certificates/{south.certificate.serial}/download/
>--- ---+- -- +++--++ ++++   /en/survey-results/
>--- ---+- -- ++---++ ++-+   /en/survey-results/{north.answered_survey.translation_key}/
>--- ----- -- +-+--+- +-++   /en/survey-results/{south.answered_survey.translation_key}/
>--- ---+- -- ++---++ ++-+   /en/survey-results/{north.answered_survey.translation_key}/table.csv
>--- ----- -- +-+--+- +-++   /en/survey-results/{south.answered_survey.translation_key}/table.csv
# Marking again: authors see how many, editors and managers who
>--- ----- -- ++---++ +--+   /en/questions/{north.question[translation_key]}/remark/
>--- ----- -- +-+--+- +--+   /en/questions/{south.question[translation_key]}/remark/
>--- ----- -- -----++ +--+   /en/remarks/{north.remark.public_id}/
>--- ----- -- -----+- +--+   /en/remarks/{south.remark.public_id}/
>--- ----- -- ------- +--+   /en/remarks/{north.remark.public_id}/passes/{north.submitted.public_id}/void/
>--- ----- -- ------- +--+   /en/remarks/{south.remark.public_id}/passes/{south.submitted.public_id}/void/

# More time and attempts, and receipts: for managers, and trainers of the course or cohort
>--- ++++- -- ------- +--+   /en/adjustments/
>--- ++++- -- ------- +--+   /en/adjustments/?q=lea
>--- ++++- -- ------- +--+   /en/adjustments/grant/
==== ===== == ======= ====   /en/adjustments/{north.adjustment.public_id}/end/
==== ===== == ======= ====   /en/adjustments/{south.adjustment.public_id}/end/
>--- ++++- -- ------- +--+   /en/receipts/
>--- ++--- -- ------- +--+   /en/receipts/?code={north.receipt}
>--- +-+-- -- ------- +--+   /en/receipts/?code={south.receipt}
# Marking: the roles that assess, over what they cover; decisions are for assessors and managers
>--- +++++ -- ------- ++++   /en/marking/
>--- ----+ -- ------- ++++   /en/marking/settled/
==== ===== == ======= ====   /en/marking/next/
==== ===== == ======= ====   /en/marking/{north.essay.public_id}/take/
==== ===== == ======= ====   /en/marking/{south.essay.public_id}/take/
>--- ++--+ -- ------- +--+   /en/marking/{north.essay.public_id}/
>--- +-+-+ -- ------- +--+   /en/marking/{south.essay.public_id}/
# Nobody sees a judgement while another one is wanted.
>--- ----- -- ------- ----   /en/marking/{north.essay.public_id}/adjudicate/
>--- ----+ -- ------- +--+   /en/marking/{north.marked.public_id}/adjudicate/
>--- ----+ -- ------- +--+   /en/marking/{south.marked.public_id}/adjudicate/
>--- ++--+ -- ------- +--+   /en/marking/{north.marked.public_id}/files/{north.marked_file.public_id}/
>--- +-+-+ -- ------- +--+   /en/marking/{south.marked.public_id}/files/{south.marked_file.public_id}/
>--- ----- -- ------- ----   /en/marking/{north.marked.public_id}/files/{south.marked_file.public_id}/
"""

# What a valid form does: + something is written, - nothing at all.
ACTS = """
# There is none to accept that they have not.
---- ----- -- ------- ----   /privacy/accept/  version=1
---- ----- -- ------- +--+   /privacy/publish/  publish=1&text_en=New&changes_en=All
-+++ +++++ ++ +++++++ ++++   /accounts/profile/  printed_name=Another&language=en
-+++ +++++ ++ +++++++ ++++   /accounts/mail/  {no_mail}
# Whoever has the mail can end it.
++++ +++++ ++ +++++++ ++++   /mail/stop/{stop_north}/
# The focal point of South works there already.
-+++ +++++ +- +++++++ ++++   /accounts/profile/posts/add/{south.institution.public_id}/  post=X&starts_on={today}
---- ----- -- ------- ----   /accounts/profile/posts/add/{world.proposal.public_id}/  post=X&starts_on={today}
-+++ +++++ ++ +++++++ ++++   /accounts/profile/posts/propose/  name=New&kind=other&country=PT&starts_on={today}
---+ ----- -- ------- ----   /accounts/profile/posts/{north.membership.public_id}/end/  on={today}
---- ----- -- ------- ----   /accounts/profile/posts/{south.membership.public_id}/end/  on={today}
-+++ +++++ ++ +++++++ ++++   /accounts/privacy/export/
# Whoever holds a role is not erased.
-+++ ----- -- ------- ----   /accounts/privacy/erase/  understood=on
# Only the learner of South has asked for it, who is not here.
---- ----- -- ------- ----   /accounts/privacy/keep/

---- ----- +- ------- ++-+   /en/people/members/{north.claim.public_id}/  decision=confirm&seen=claimed
---- ----- -+ ------- +-++   /en/people/members/{south.claim.public_id}/  decision=confirm&seen=claimed
---- ----- +- ------- ++-+   /en/people/members/{north.claim.public_id}/  decision=refuse&seen=claimed&reason=No
---- ----- +- ------- ++-+   /en/people/members/{north.membership.public_id}/  decision=end&seen=confirmed&on={today}
---- ----- -+ ------- +-++   /en/people/members/{south.membership.public_id}/  decision=end&seen=confirmed&on={today}
---- ----- -- ------- +--+   /en/people/{north.person.public_id}/account/  reason=Out
---- ----- -- ------- +--+   /en/people/{south.person.public_id}/account/  reason=Out
# Neither one's own account nor, by anybody else, an administrator's.
---- ----- -- ------- ---+   /en/people/{world.cast[manager].public_id}/account/  reason=Out
---- ----- -- ------- ----   /en/people/{world.cast[administrator].public_id}/account/  reason=Out
---- ----- -- ------- +--+   /en/people/actions/add/  code=NEW-1&title=New
---- ----- -- ------- ++-+   /en/people/actions/{north.action.public_id}/  code=NEW-1&title=New
---- ----- -- ------- +-++   /en/people/actions/{south.action.public_id}/  code=NEW-1&title=New
---- ----- -- ------- +--+   /en/people/roles/grant/?role=trainer:platform  {to_north}
---- ----- -- ------- +--+   /en/people/roles/grant/?role=manager:platform  {to_north}
---- ----- -- ------- +--+   /en/people/roles/grant/?role=author:course  key={north.course.key}&{to_north}
---- ----- -- ------- ++-+   /en/people/roles/grant/?role=manager:action  key={north.action.pk}&{to_north}
---- ----- -- ------- +-++   /en/people/roles/grant/?role=manager:action  key={south.action.pk}&{to_south}
---- ----- -- ------- ++-+   /en/people/roles/grant/?role=focal_point:institution  {at_north}&{to_north}
---- ----- -- ------- +-++   /en/people/roles/grant/?role=focal_point:institution  {at_south}&{to_south}
# A manager of one Action gives roles within it, and to its people alone.
---- ----- -- ------- +--+   /en/people/roles/grant/?role=focal_point:institution  {at_south}&{to_north}
---- ----- -- ------- ++-+   /en/people/roles/{north.focal_grant.public_id}/end/
---- ----- -- ------- +-++   /en/people/roles/{south.focal_grant.public_id}/end/
---- ----- -- ------- +--+   /en/people/roles/{world.trainer_grant.public_id}/end/
---- ----- -- ------- +--+   /en/people/institutions/add/  name=New&kind=other&country=PT
---- ----- -- ------- +--+   /en/people/institutions/{north.institution.public_id}/  name=New&kind=other&country=PT
---- ----- -- ------- +--+   /en/people/institutions/{south.institution.public_id}/  name=New&kind=other&country=PT
---- ----- -- ------- +--+   /en/people/institutions/{world.proposal.public_id}/decide/  decision=accept
---- ----- -- ------- +--+   /en/people/institutions/{world.proposal.public_id}/decide/  decision=decline

# Everybody may enrol; the learner of North has.
-++- +++++ ++ +++++++ ++++   /en/learn/{north.course.key}/enrol/
-+++ +++++ ++ +++++++ ++++   /en/learn/{south.course.key}/enrol/
---+ ----- -- ------- ----   /en/learn/{north.newer.key}/move-up/  edition={north.newer.current_edition.pk}
---- ----- -- ------- ----   /en/learn/{south.newer.key}/move-up/  edition={south.newer.current_edition.pk}
---+ ----- -- ------- ----   /en/learn/units/{north.lesson.translation_key}/complete/
---- ----- -- ------- ----   /en/learn/units/{south.lesson.translation_key}/complete/
---+ ----- -- ------- ----   /en/learn/units/{north.lesson.translation_key}/notes/r1/  text=Changed
---- ----- -- ------- ----   /en/learn/units/{south.lesson.translation_key}/notes/r1/  text=Changed
---+ ----- -- ------- ----   /en/quizzes/{north.second_quiz.translation_key}/start/
---- ----- -- ------- ----   /en/quizzes/{south.second_quiz.translation_key}/start/
# Nobody is logged in: kept for a day under a token, and counts for nothing until its learner sends it.
+--+ ----- -- ------- ----   /en/attempts/{north.attempt.public_id}/  {answer_north}
+--- ----- -- ------- ----   /en/attempts/{south.attempt.public_id}/  {answer_south}
---+ ----- -- ------- ----   /en/attempts/{north.attempt.public_id}/answers/{north.question[key]}/  {answer_north}
---- ----- -- ------- ----   /en/attempts/{south.attempt.public_id}/answers/{south.question[key]}/  {answer_south}
---+ ----- -- ------- ----   /en/attempts/{north.attempt.public_id}/submit/
---- ----- -- ------- ----   /en/attempts/{south.attempt.public_id}/submit/
---+ ----- -- ------- ----   /en/surveys/{north.survey.translation_key}/answer/  q-useful=3
---- ----- -- ------- ----   /en/surveys/{south.survey.translation_key}/answer/  q-useful=3

# Everybody gets the point of a question that was broken.
---- ----- -- -----++ +--+   /en/questions/{north.question[translation_key]}/remark/  way=everybody&reason=Broken
---- ----- -- -----+- +--+   /en/questions/{south.question[translation_key]}/remark/  way=everybody&reason=Broken
---- ----- -- ------- +--+   /en/remarks/{north.remark.public_id}/passes/{north.submitted.public_id}/void/  reason=X
---- ----- -- ------- +--+   /en/remarks/{south.remark.public_id}/passes/{south.submitted.public_id}/void/  reason=X
---- ++--- -- ------- +--+   /en/adjustments/grant/  {more_for_north}
---- +-+-- -- ------- +--+   /en/adjustments/grant/  {more_for_south}
---- ++--- -- ------- +--+   /en/adjustments/{north.adjustment.public_id}/end/
---- +-+-- -- ------- +--+   /en/adjustments/{south.adjustment.public_id}/end/
# Begun already.
---- ----- -- ------- ----   /en/practicals/{north.practical.translation_key}/begin/
---- ----- -- ------- ----   /en/practicals/{south.practical.translation_key}/begin/
---+ ----- -- ------- ----   /en/hand-ins/{north.hand_in.public_id}/  text=New&version=1
---- ----- -- ------- ----   /en/hand-ins/{south.hand_in.public_id}/  text=New&version=1
---+ ----- -- ------- ----   /en/hand-ins/{north.hand_in.public_id}/text/  text=New&version=1
---- ----- -- ------- ----   /en/hand-ins/{south.hand_in.public_id}/text/  text=New&version=1
---+ ----- -- ------- ----   /en/hand-ins/{north.hand_in.public_id}/confirm/  version=1
---- ----- -- ------- ----   /en/hand-ins/{south.hand_in.public_id}/confirm/  version=1
# No table holds a file to add; and nobody is in the cohort who could be judged.
---- ----- -- ------- ----   /en/hand-ins/{north.hand_in.public_id}/files/add/
---- ----- -- ------- ----   /en/hand-ins/{south.hand_in.public_id}/files/add/
---- ----- -- ------- ----   /en/observations/add/?cohort={north.observation.cohort.public_id}  reasons=X
---- ----- -- ------- ----   /en/observations/practical/  unit={north.practical.translation_key}&learner=x@example.org
# Handed in: nobody takes anything out of it.
---- ----- -- ------- ----   /en/hand-ins/{north.handed_in.public_id}/files/{north.file.public_id}/remove/
---- ----- -- ------- ----   /en/hand-ins/{south.handed_in.public_id}/files/{south.file.public_id}/remove/

---- +++-+ -- ------- +--+   /en/marking/next/
---- ++--+ -- ------- +--+   /en/marking/{north.essay.public_id}/take/
---- +-+-+ -- ------- +--+   /en/marking/{south.essay.public_id}/take/
# What nobody has taken takes no marks.
---- ----- -- ------- ----   /en/marking/{north.essay.public_id}/  points=7&reasons=Good&version=0&then=finish
"""
