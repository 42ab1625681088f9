"""The tables of tests/journeys/test_role_matrix.py, continued: cohorts, for who runs them and who takes part."""

PAGES = """
# Cohorts: the one there is takes course A
>--- ++++- ++ ------- ++++   /en/teach/
>--- +++-- -- ------- ++++   /en/teach/open/
>--- ++--- -- ------- ++++   /en/teach/open/{north.course.key}/
>--- +-+-- -- ------- ++++   /en/teach/open/{south.course.key}/
>--- ++-+- -- ------- +--+   /en/teach/cohorts/{world.cohort.public_id}/settings/
==== ===== == ======= ====   /en/teach/cohorts/{world.cohort.public_id}/settings/trainers/
==== ===== == ======= ====   /en/teach/cohorts/{world.cohort.public_id}/settings/trainers/{one}/end/
==== ===== == ======= ====   /en/teach/cohorts/{world.cohort.public_id}/settings/close/
==== ===== == ======= ====   /en/teach/cohorts/{world.cohort.public_id}/settings/reopen/
>--- ++-+- -- ------- +--+   /en/teach/cohorts/{world.cohort.public_id}/schedule/
==== ===== == ======= ====   /en/teach/cohorts/{world.cohort.public_id}/schedule/pace/
==== ===== == ======= ====   /en/teach/cohorts/{world.cohort.public_id}/schedule/more-time/
>--- +-+-- -- ------- +--+   /en/teach/cohorts/{south.observation.cohort.public_id}/settings/
==== ===== == ======= ====   /en/teach/cohorts/{south.observation.cohort.public_id}/settings/trainers/
==== ===== == ======= ====   /en/teach/cohorts/{south.observation.cohort.public_id}/settings/trainers/{one}/end/
==== ===== == ======= ====   /en/teach/cohorts/{south.observation.cohort.public_id}/settings/close/
==== ===== == ======= ====   /en/teach/cohorts/{south.observation.cohort.public_id}/settings/reopen/
>--- +-+-- -- ------- +--+   /en/teach/cohorts/{south.observation.cohort.public_id}/schedule/
==== ===== == ======= ====   /en/teach/cohorts/{south.observation.cohort.public_id}/schedule/pace/
==== ===== == ======= ====   /en/teach/cohorts/{south.observation.cohort.public_id}/schedule/more-time/

# Results of surveys, about groups: a single answer is withheld from everybody
>--- ++--- -- ------- +--+   /en/teach/cohorts/{north.observation.cohort.public_id}/surveys/
>--- +-+-- -- ------- +--+   /en/teach/cohorts/{south.observation.cohort.public_id}/surveys/

# A cohort: whoever runs it, and the focal point of somebody in it, who sees only them; the report is of everybody
>--- ++--- +- ------- +--+   /en/teach/cohorts/{north.taker.cohort.public_id}/
>--- +-+-- -+ ------- +--+   /en/teach/cohorts/{south.taker.cohort.public_id}/
>--- ++--- +- ------- +--+   /en/teach/cohorts/{north.taker.cohort.public_id}/board.csv
>--- +-+-- -+ ------- +--+   /en/teach/cohorts/{south.taker.cohort.public_id}/board.csv
>--- ++--- +- ------- +--+   /en/teach/cohorts/{north.taker.cohort.public_id}/board.xlsx
>--- +-+-- -+ ------- +--+   /en/teach/cohorts/{south.taker.cohort.public_id}/board.xlsx
>--- ++--- +- ------- +--+   /en/teach/cohorts/{north.taker.cohort.public_id}/modules/{north.module.translation_key}/
>--- +-+-- -+ ------- +--+   /en/teach/cohorts/{south.taker.cohort.public_id}/modules/{south.module.translation_key}/
>--- ++--- +- ------- +--+   /en/teach/cohorts/{north.taker.cohort.public_id}/learners/{north.taker.public_id}/
>--- +-+-- -+ ------- +--+   /en/teach/cohorts/{south.taker.cohort.public_id}/learners/{south.taker.public_id}/
>--- ++--- -- ------- +--+   /en/teach/cohorts/{north.taker.cohort.public_id}/report/
>--- +-+-- -- ------- +--+   /en/teach/cohorts/{south.taker.cohort.public_id}/report/
>--- ++--- -- ------- +--+   /en/teach/cohorts/{north.taker.cohort.public_id}/report.pdf
>--- +-+-- -- ------- +--+   /en/teach/cohorts/{south.taker.cohort.public_id}/report.pdf
>--- ++--- -- ------- +--+   /en/teach/cohorts/{north.taker.cohort.public_id}/report.xlsx
>--- +-+-- -- ------- +--+   /en/teach/cohorts/{south.taker.cohort.public_id}/report.xlsx
>--- ----- -- ------- ----   /en/teach/cohorts/{north.taker.cohort.public_id}/learners/{south.taker.public_id}/
# Papers of a cohort: for whoever runs it
>--- ++--- -- ------- +--+   /en/teach/cohorts/{north.taught}/kits/
>--- +-+-- -- ------- +--+   /en/teach/cohorts/{south.taught}/kits/
>--- ++--- -- ------- +--+   /en/teach/cohorts/{north.taught}/papers/
>--- +-+-- -- ------- +--+   /en/teach/cohorts/{south.taught}/papers/
>--- ++--- -- ------- +--+   /en/teach/cohorts/{north.taught}/papers/template.csv
>--- +-+-- -- ------- +--+   /en/teach/cohorts/{south.taught}/papers/template.csv
>--- ++--- -- ------- +--+   /en/teach/cohorts/{north.taught}/kits/{north.kit.public_id}/file/
>--- +-+-- -- ------- +--+   /en/teach/cohorts/{south.taught}/kits/{south.kit.public_id}/file/
>--- ++--- -- ------- +--+   /en/teach/cohorts/{north.taught}/papers/{north.paper.public_id}/
>--- +-+-- -- ------- +--+   /en/teach/cohorts/{south.taught}/papers/{south.paper.public_id}/
==== ===== == ======= ====   /en/teach/cohorts/{north.taught}/papers/upload/
==== ===== == ======= ====   /en/teach/cohorts/{south.taught}/papers/upload/
==== ===== == ======= ====   /en/teach/cohorts/{north.taught}/papers/upload/enter/
==== ===== == ======= ====   /en/teach/cohorts/{south.taught}/papers/upload/enter/

# Getting people in: for whoever runs the cohort; whoever has a link reads what it is about
>--- ++--- -- ------- ++-+   {north.doors.screens}people/
>--- ++--- -- ------- ++-+   {north.doors.screens}people/{north.doors.asking.public_id}/
>--- ++--- -- ------- ++-+   {north.doors.screens}lists/
>--- ++--- -- ------- ++-+   {north.doors.screens}lists/{north.doors.batch.public_id}/
>--- ++--- -- ------- ++-+   {north.doors.screens}links/
>--- ++--- -- ------- ++-+   {north.doors.screens}links/{north.doors.link.pk}/
>--- ++--- -- ------- ++-+   {north.doors.screens}links/{north.doors.link.pk}/code.svg
==== ===== == ======= ====   {north.doors.screens}people/add/
==== ===== == ======= ====   {north.doors.screens}lists/{north.doors.batch.public_id}/rows/1/
==== ===== == ======= ====   {north.doors.screens}lists/{north.doors.batch.public_id}/enter/
==== ===== == ======= ====   {north.doors.screens}lists/{north.doors.batch.public_id}/throw-away/
==== ===== == ======= ====   {north.doors.screens}links/{north.doors.link.pk}/end/
++++ +++++ ++ +++++++ ++++   /en/join/{north.doors.link.token}/
++++ +++++ ++ +++++++ ++++   /en/invitations/{north.doors.invited.token}/
++++ +++++ ++ +++++++ ++++   {north.doors.own}ask/
>--+ ----- -- ------- ----   {north.doors.own}leave/
>--- +-+-- -- ------- +-++   {south.doors.screens}people/
>--- +-+-- -- ------- +-++   {south.doors.screens}people/{south.doors.asking.public_id}/
>--- +-+-- -- ------- +-++   {south.doors.screens}lists/
>--- +-+-- -- ------- +-++   {south.doors.screens}lists/{south.doors.batch.public_id}/
>--- +-+-- -- ------- +-++   {south.doors.screens}links/
>--- +-+-- -- ------- +-++   {south.doors.screens}links/{south.doors.link.pk}/
>--- +-+-- -- ------- +-++   {south.doors.screens}links/{south.doors.link.pk}/code.svg
==== ===== == ======= ====   {south.doors.screens}people/add/
==== ===== == ======= ====   {south.doors.screens}lists/{south.doors.batch.public_id}/rows/1/
==== ===== == ======= ====   {south.doors.screens}lists/{south.doors.batch.public_id}/enter/
==== ===== == ======= ====   {south.doors.screens}lists/{south.doors.batch.public_id}/throw-away/
==== ===== == ======= ====   {south.doors.screens}links/{south.doors.link.pk}/end/
++++ +++++ ++ +++++++ ++++   /en/join/{south.doors.link.token}/
++++ +++++ ++ +++++++ ++++   /en/invitations/{south.doors.invited.token}/
++++ +++++ ++ +++++++ ++++   {south.doors.own}ask/
>--- ----- -- ------- ----   {south.doors.own}leave/
# Live sessions: for whoever runs the cohort, and for those who take part
>--- ++--- -- ------- +--+   {north.meeting.screens}
>--- ++--- -- ------- +--+   {north.meeting.screens}add/
>--- ++--- -- ------- +--+   {north.meeting.screen}
>--- ++--- -- ------- +--+   {north.meeting.screen}change/
>--- ++--- -- ------- +--+   {north.meeting.screen}code/
>--- ++--- -- ------- +--+   {north.meeting.screen}code.svg
==== ===== == ======= ====   {north.meeting.screen}cancel/
>--+ ++--- -- ------- +--+   {north.meeting.own}sessions/{north.meeting.session.public_id}/session.ics
>--+ ----- -- ------- ----   {north.meeting.own}
>--+ ----- -- ------- ----   /en/check-in/{north.meeting.session.public_id}/
++++ +++++ ++ +++++++ ++++   /calendar/{north.meeting.feed}.ics
>--- +-+-- -- ------- +--+   {south.meeting.screens}
>--- +-+-- -- ------- +--+   {south.meeting.screens}add/
>--- +-+-- -- ------- +--+   {south.meeting.screen}
>--- +-+-- -- ------- +--+   {south.meeting.screen}change/
>--- +-+-- -- ------- +--+   {south.meeting.screen}code/
>--- +-+-- -- ------- +--+   {south.meeting.screen}code.svg
==== ===== == ======= ====   {south.meeting.screen}cancel/
>--- +-+-- -- ------- +--+   {south.meeting.own}sessions/{south.meeting.session.public_id}/session.ics
>--- ----- -- ------- ----   {south.meeting.own}
>--- ----- -- ------- ----   /en/check-in/{south.meeting.session.public_id}/
++++ +++++ ++ +++++++ ++++   /calendar/{south.meeting.feed}.ics
>+++ +++++ ++ +++++++ ++++   /en/calendar/
==== ===== == ======= ====   /en/calendar/address/
# Talking: without a cohort for those who learn on their own and those who teach the course
>--+ ++-+- -- ++-+-++ +--+   /en/learn/units/{north.lesson.translation_key}/questions/
==== ===== == ======= ====   /en/learn/units/{north.lesson.translation_key}/notes/r1/share/
>--+ ++--- -- ++-+-++ +--+   /en/talk/{north.thread.public_id}/
==== ===== == ======= ====   /en/talk/{north.thread.public_id}/follow/
==== ===== == ======= ====   /en/talk/{north.thread.public_id}/close/
>--+ ----- -- ------- ----   /en/talk/posts/{north.post.public_id}/edit/
==== ===== == ======= ====   /en/talk/posts/{north.post.public_id}/useful/
>--+ ++--- -- ++-+-++ +--+   /en/talk/posts/{north.post.public_id}/report/
>--- ++--- -- ------- +--+   /en/talk/posts/{north.post.public_id}/hide/
==== ===== == ======= ====   /en/talk/posts/{north.post.public_id}/show/
==== ===== == ======= ====   /en/talk/posts/{north.post.public_id}/leave/
>--- ----- -- ------- ----   /en/cohorts/{north.observation.cohort.public_id}/forum/
>--- ++--- -- ------- +--+   /en/teach/cohorts/{north.observation.cohort.public_id}/talk/
>--- ++--- -- ------- +--+   /en/teach/cohorts/{north.observation.cohort.public_id}/talk/announce/
>--- ++--- -- ------- +--+   /en/teach/cohorts/{north.observation.cohort.public_id}/talk/topic/
>--- ++--- -- ------- +--+   /en/teach/cohorts/{north.observation.cohort.public_id}/talk/notes/
>--- ----- -- ------- ----   /en/teach/cohorts/{north.observation.cohort.public_id}/talk/notes/{north.person.public_id}/
>--- ++--- -- ------- +--+   /en/teach/cohorts/{north.observation.cohort.public_id}/messages/
>--- ==--- -- ------- =--=   /en/teach/cohorts/{north.observation.cohort.public_id}/messages/compose/
>--- +-+-- -- +-++++- +--+   /en/learn/units/{south.lesson.translation_key}/questions/
==== ===== == ======= ====   /en/learn/units/{south.lesson.translation_key}/notes/r1/share/
>--- +-+-- -- +-++++- +--+   /en/talk/{south.thread.public_id}/
==== ===== == ======= ====   /en/talk/{south.thread.public_id}/follow/
==== ===== == ======= ====   /en/talk/{south.thread.public_id}/close/
>--- ----- -- ------- ----   /en/talk/posts/{south.post.public_id}/edit/
==== ===== == ======= ====   /en/talk/posts/{south.post.public_id}/useful/
>--- +-+-- -- +-++++- +--+   /en/talk/posts/{south.post.public_id}/report/
>--- +-+-- -- ------- +--+   /en/talk/posts/{south.post.public_id}/hide/
==== ===== == ======= ====   /en/talk/posts/{south.post.public_id}/show/
==== ===== == ======= ====   /en/talk/posts/{south.post.public_id}/leave/
>--- ----- -- ------- ----   /en/cohorts/{south.observation.cohort.public_id}/forum/
>--- +-+-- -- ------- +--+   /en/teach/cohorts/{south.observation.cohort.public_id}/talk/
>--- +-+-- -- ------- +--+   /en/teach/cohorts/{south.observation.cohort.public_id}/talk/announce/
>--- +-+-- -- ------- +--+   /en/teach/cohorts/{south.observation.cohort.public_id}/talk/topic/
>--- +-+-- -- ------- +--+   /en/teach/cohorts/{south.observation.cohort.public_id}/talk/notes/
>--- ----- -- ------- ----   /en/teach/cohorts/{south.observation.cohort.public_id}/talk/notes/{south.person.public_id}/
>--- +-+-- -- ------- +--+   /en/teach/cohorts/{south.observation.cohort.public_id}/messages/
>--- =-=-- -- ------- =--=   /en/teach/cohorts/{south.observation.cohort.public_id}/messages/compose/
>--- +++-- -- ------- +--+   /en/teach/questions/
"""

ACTS = """
# Within their Action managers open cohorts of every course; nobody opens one elsewhere.
---- ++--- -- ------- +--+   /en/teach/open/{north.course.key}/  {group_of_a}
---- +-+-- -- ------- +--+   /en/teach/open/{south.course.key}/  {group_of_b}
---- ++--- -- ------- ++-+   /en/teach/open/{north.course.key}/  {group_of_a}&action={north.action.pk}
---- ++-+- -- ------- +--+   /en/teach/cohorts/{world.cohort.public_id}/settings/  {facts_of_cohort}
---- ++-+- -- ------- +--+   /en/teach/cohorts/{world.cohort.public_id}/settings/trainers/  email={north.person.email}
---- ----- -- ------- ----   /en/teach/cohorts/{world.cohort.public_id}/settings/trainers/{one}/end/
---- ++-+- -- ------- +--+   /en/teach/cohorts/{world.cohort.public_id}/settings/close/
# It is open.
---- ----- -- ------- ----   /en/teach/cohorts/{world.cohort.public_id}/settings/reopen/
---- ++-+- -- ------- +--+   /en/teach/cohorts/{world.cohort.public_id}/schedule/  opens={today}
---- ++-+- -- ------- +--+   /en/teach/cohorts/{world.cohort.public_id}/schedule/pace/  pace=at_once
# Nobody takes part.
---- ----- -- ------- ----   /en/teach/cohorts/{world.cohort.public_id}/schedule/more-time/
# A kit is asked for; no table holds a file or a preview.
---- ++--- -- ------- +--+   /en/teach/cohorts/{north.taught}/kits/  parts=attendance&language=en
---- +-+-- -- ------- +--+   /en/teach/cohorts/{south.taught}/kits/  parts=attendance&language=en
---- ----- -- ------- ----   /en/teach/cohorts/{north.taught}/papers/{north.paper.public_id}/  then=enter
---- ----- -- ------- ----   /en/teach/cohorts/{north.taught}/papers/upload/  sat_on=2026-01-01
---- ----- -- ------- ----   /en/teach/cohorts/{north.taught}/papers/upload/enter/  table=X

# Getting people in
---- ++--- -- ------- ++-+   {north.doors.screens}people/add/  email=new@example.org
---- ++--- -- ------- ++-+   {north.doors.screens}people/{north.doors.asking.public_id}/  what=admit
---- ++--- -- ------- ++-+   {north.doors.screens}lists/  text=a@example.org
---- ++--- -- ------- ++-+   {north.doors.screens}lists/{north.doors.batch.public_id}/rows/1/  what=leave_out
---- ++--- -- ------- ++-+   {north.doors.screens}lists/{north.doors.batch.public_id}/enter/
---- ++--- -- ------- ++-+   {north.doors.screens}lists/{north.doors.batch.public_id}/throw-away/
---- ++--- -- ------- ++-+   {north.doors.screens}links/  expires_on={today}
---- ++--- -- ------- ++-+   {north.doors.screens}links/{north.doors.link.pk}/end/
-+++ +++++ ++ +++++++ ++++   /en/join/{north.doors.link.token}/
-+++ +++++ ++ +++++++ ++++   /en/invitations/{north.doors.invited.token}/
-+++ +++++ ++ +++++++ ++++   {north.doors.own}ask/  words=Please
---+ ----- -- ------- ----   {north.doors.own}leave/
---- +-+-- -- ------- +-++   {south.doors.screens}people/add/  email=new@example.org
---- +-+-- -- ------- +-++   {south.doors.screens}people/{south.doors.asking.public_id}/  what=admit
---- +-+-- -- ------- +-++   {south.doors.screens}lists/  text=a@example.org
---- +-+-- -- ------- +-++   {south.doors.screens}lists/{south.doors.batch.public_id}/rows/1/  what=leave_out
---- +-+-- -- ------- +-++   {south.doors.screens}lists/{south.doors.batch.public_id}/enter/
---- +-+-- -- ------- +-++   {south.doors.screens}lists/{south.doors.batch.public_id}/throw-away/
---- +-+-- -- ------- +-++   {south.doors.screens}links/  expires_on={today}
---- +-+-- -- ------- +-++   {south.doors.screens}links/{south.doors.link.pk}/end/
-+++ +++++ ++ +++++++ ++++   /en/join/{south.doors.link.token}/
-+++ +++++ ++ +++++++ ++++   /en/invitations/{south.doors.invited.token}/
-+++ +++++ ++ +++++++ ++++   {south.doors.own}ask/  words=Please
---- ----- -- ------- ----   {south.doors.own}leave/
# Live sessions
---- ++--- -- ------- +--+   {north.meeting.screens}add/  {north.meeting.planned}
---- ++--- -- ------- +--+   {north.meeting.screen}  {north.meeting.ticked}
---- ++--- -- ------- +--+   {north.meeting.screen}change/  {north.meeting.planned}
---- ++--- -- ------- +--+   {north.meeting.screen}cancel/  sure=on
---+ ----- -- ------- ----   /en/check-in/{north.meeting.session.public_id}/  code={north.meeting.code}
---- +-+-- -- ------- +--+   {south.meeting.screens}add/  {south.meeting.planned}
---- +-+-- -- ------- +--+   {south.meeting.screen}  {south.meeting.ticked}
---- +-+-- -- ------- +--+   {south.meeting.screen}change/  {south.meeting.planned}
---- +-+-- -- ------- +--+   {south.meeting.screen}cancel/  sure=on
---- ----- -- ------- ----   /en/check-in/{south.meeting.session.public_id}/  code={south.meeting.code}
-+++ +++++ ++ +++++++ ++++   /en/calendar/address/
# Talking. Nobody finds their own question useful; none is removed or reported yet; a note is shared in a cohort.
---+ ++-+- -- ++-+-++ +--+   /en/learn/units/{north.lesson.translation_key}/questions/  title=Q&text=T
---- ----- -- ------- ----   /en/learn/units/{north.lesson.translation_key}/notes/r1/share/  on=1
---+ ++--- -- ++-+-++ +--+   /en/talk/{north.thread.public_id}/  text=T
---+ ++--- -- ++-+-++ +--+   /en/talk/{north.thread.public_id}/follow/  on=0
---- ++--- -- ------- +--+   /en/talk/{north.thread.public_id}/close/  on=1
---+ ----- -- ------- ----   /en/talk/posts/{north.post.public_id}/edit/  title=New&text=New
---- ----- -- ------- ----   /en/talk/posts/{north.post.public_id}/useful/  on=1
---- ++--- -- ++-+-++ +--+   /en/talk/posts/{north.post.public_id}/report/  reason=R
---- ++--- -- ------- +--+   /en/talk/posts/{north.post.public_id}/hide/  reason=R
---- ----- -- ------- ----   /en/talk/posts/{north.post.public_id}/show/
---- ----- -- ------- ----   /en/talk/posts/{north.post.public_id}/leave/
---- ----- -- ------- ----   /en/cohorts/{north.observation.cohort.public_id}/forum/  title=Q&text=T
---- ++--- -- ------- +--+   /en/teach/cohorts/{north.observation.cohort.public_id}/talk/announce/  title=Q&text=T
---- ++--- -- ------- +--+   /en/teach/cohorts/{north.observation.cohort.public_id}/talk/topic/  title=Q&text=T
---- ----- -- ------- ----   /en/teach/cohorts/{north.observation.cohort.public_id}/messages/compose/  step=send&all=1
---- +-+-- -- +-++++- +--+   /en/learn/units/{south.lesson.translation_key}/questions/  title=Q&text=T
---- ----- -- ------- ----   /en/learn/units/{south.lesson.translation_key}/notes/r1/share/  on=1
---- +-+-- -- +-++++- +--+   /en/talk/{south.thread.public_id}/  text=T
---- +-+-- -- +-++++- +--+   /en/talk/{south.thread.public_id}/follow/  on=0
---- +-+-- -- ------- +--+   /en/talk/{south.thread.public_id}/close/  on=1
---- ----- -- ------- ----   /en/talk/posts/{south.post.public_id}/edit/  title=New&text=New
---- ----- -- ------- ----   /en/talk/posts/{south.post.public_id}/useful/  on=1
---- +-+-- -- +-++++- +--+   /en/talk/posts/{south.post.public_id}/report/  reason=R
---- +-+-- -- ------- +--+   /en/talk/posts/{south.post.public_id}/hide/  reason=R
---- ----- -- ------- ----   /en/talk/posts/{south.post.public_id}/show/
---- ----- -- ------- ----   /en/talk/posts/{south.post.public_id}/leave/
---- ----- -- ------- ----   /en/cohorts/{south.observation.cohort.public_id}/forum/  title=Q&text=T
---- +-+-- -- ------- +--+   /en/teach/cohorts/{south.observation.cohort.public_id}/talk/announce/  title=Q&text=T
---- +-+-- -- ------- +--+   /en/teach/cohorts/{south.observation.cohort.public_id}/talk/topic/  title=Q&text=T
---- ----- -- ------- ----   /en/teach/cohorts/{south.observation.cohort.public_id}/messages/compose/  step=send&all=1
"""
