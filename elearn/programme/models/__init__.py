from elearn.programme.models.report import DonorReport, ReportSchedule
from elearn.programme.models.request import RequestMessage, TrainingRequest

__all__ = ["DonorReport", "ReportSchedule", "RequestMessage", "TrainingRequest"]
