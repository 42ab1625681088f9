"""Lists of people on their way into a cohort: files taken apart, columns understood, rows judged and entered."""
