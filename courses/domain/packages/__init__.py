"""Course packages: a course as a folder of readable text, read into the CMS and written back (docs/course-packages.md).

source -> loading -> Package -> planning -> importing -> CMS -> dumping -> Package -> writing
"""
