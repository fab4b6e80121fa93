"""Setting up and looking after the assistant: what the commands ai_assistant_* and runserver do.

environment.py reads and writes the file of secrets; steps.py says what must be so, and is walked by
`ai_assistant_setup` (which also mends) and `ai_assistant_doctor`; roles.py and access.py are about PostgreSQL's
two roles; binaries.py, process.py and development.py about the program `ormd`; smoke.py asks it questions.
"""
