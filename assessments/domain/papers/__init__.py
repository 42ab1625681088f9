"""Quizzes on paper: drawn and printed for a cohort, typed in or uploaded afterwards, marked like any attempt."""
