"""What a course, a module, a lesson or a quiz still lacks, in words for its author.

content, prose -> findings (books of rules) -> *_rules -> checking. Packages above add their own book of rules and
hand it in with their unit type (courses.domain.unit_types).
"""
