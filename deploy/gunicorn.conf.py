"""gunicorn's settings. No question holds a worker: the browser asks ormd, Django only makes the tokens."""

bind = "unix:/run/mysite/gunicorn.sock"
worker_class = "gthread"
workers = 2
threads = 4
timeout = 30
graceful_timeout = 20
max_requests = 5000
max_requests_jitter = 500
