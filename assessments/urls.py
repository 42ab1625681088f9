from django.urls import path

from assessments.views import attempts

app_name = "assessments"
urlpatterns = [
    path("quizzes/<uuid:unit_key>/start/", attempts.start, name="start"),
    path("attempts/<uuid:public_id>/", attempts.attempt, name="attempt"),
    path("attempts/<uuid:public_id>/answers/<str:question_key>/", attempts.answer, name="answer"),
    path("attempts/<uuid:public_id>/submit/", attempts.submit, name="submit"),
    path("attempts/<uuid:public_id>/result/", attempts.result, name="result"),
]
